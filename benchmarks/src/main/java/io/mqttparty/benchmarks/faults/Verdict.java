package io.mqttparty.benchmarks.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of everything that was acknowledged.
 *
 * @param settled whether, once the faults were over, everything was acknowledged without help
 * @param astray clients that are not owned by exactly one node afterwards
 * @param acknowledged how many messages were acknowledged to their publishers
 * @param deliveries how many messages subscribers got, repeated ones included
 * @param missing acknowledged messages that a subscriber never got, each as publisher, number and subscriber
 * @param repeatedQos2 messages that came more than once although publisher and subscriber were at QoS 2
 * @param repeatedQos1 messages that came more than once at QoS 1, which is legal
 * @param outOfOrder first deliveries that came after a later message of the same publisher
 * @param reconnects how often clients had to connect again
 * @param longestGap the longest time that one publisher was without an acknowledgement
 */
record Verdict(
        boolean settled,
        List<String> astray,
        long acknowledged,
        long deliveries,
        List<String> missing,
        List<String> repeatedQos2,
        long repeatedQos1,
        List<String> outOfOrder,
        long reconnects,
        Duration longestGap) {
    /** Of a load that has settled, or has not in its time. */
    static Verdict of(Load load, boolean settled, List<String> astray) {
        List<String> missing = new ArrayList<>();
        List<String> repeatedQos2 = new ArrayList<>();
        List<String> outOfOrder = new ArrayList<>();
        long repeatedQos1 = 0;
        long deliveries = 0;
        long reconnects = 0;
        for (LedgerSubscriber subscriber : load.subscribers()) {
            deliveries += subscriber.deliveries();
            reconnects += Math.max(0, subscriber.connects() - 1);
            for (LedgerPublisher publisher : load.publishers()) {
                LedgerSubscriber.Received received = subscriber.from(publisher.name());
                String pair = publisher.name() + " to " + subscriber.name() + ": ";
                received.missing(publisher.acknowledgedUpTo()).forEach(number -> missing.add(pair + number));
                received.outOfOrder().forEach(number -> outOfOrder.add(pair + number));
                if (publisher.qos() == 2 && subscriber.qos() == 2) {
                    if (received.duplicates() > 0) {
                        repeatedQos2.add(pair + received.duplicates());
                    }
                } else {
                    repeatedQos1 += received.duplicates();
                }
            }
        }
        Duration longestGap = Duration.ZERO;
        for (LedgerPublisher publisher : load.publishers()) {
            reconnects += Math.max(0, publisher.connects() - 1);
            longestGap = longestGap.compareTo(publisher.longestGap()) < 0 ? publisher.longestGap() : longestGap;
        }
        return new Verdict(
                settled,
                astray,
                load.acknowledged(),
                deliveries,
                missing,
                repeatedQos2,
                repeatedQos1,
                outOfOrder,
                reconnects,
                longestGap);
    }

    /** Whether every acknowledged message has arrived. */
    boolean isComplete() {
        return missing.isEmpty();
    }

    /** Whether service went on by itself, each client has one owner, nothing is missing, and nothing came twice at QoS 2. */
    boolean isGood() {
        return settled && astray.isEmpty() && isComplete() && repeatedQos2.isEmpty();
    }

    @Override
    public String toString() {
        return (settled ? "" : "not settled, ") + (astray.isEmpty() ? "" : "astray " + astray + ", ") + "acknowledged "
                + acknowledged + ", delivered " + deliveries + ", missing " + some(missing)
                + ", repeated at QoS 2 " + some(repeatedQos2) + ", repeated at QoS 1 " + repeatedQos1
                + ", out of order " + some(outOfOrder) + ", reconnects " + reconnects + ", longest gap "
                + longestGap.toMillis() + " ms";
    }

    private static String some(List<String> list) {
        return list.size() + (list.isEmpty() ? "" : " " + list.subList(0, Math.min(5, list.size())));
    }
}
