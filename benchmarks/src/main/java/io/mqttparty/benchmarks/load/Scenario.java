package io.mqttparty.benchmarks.load;

import java.util.List;

/**
 * A shape of traffic.
 *
 * @param id the letter in the table of results, with what varies
 * @param title what it is
 * @param publishers each with a topic of its own
 * @param subscribers one per topic, all for the one topic, one for all topics, or none
 * @param qos of publishes and subscriptions
 * @param cleanSession of all clients
 * @param payloadBytes in each message
 * @param window messages of one publisher that are sent and not yet delivered and acknowledged
 * @param ratePerSecond messages of all publishers together; 0 for as many as the window lets through
 */
public record Scenario(
        String id,
        String title,
        int publishers,
        int subscribers,
        int qos,
        boolean cleanSession,
        int payloadBytes,
        int window,
        int ratePerSecond) {
    /** All that there are. */
    static final List<Scenario> ALL = List.of(
            new Scenario("a", "QoS 0, 10 pairs, 64 B", 10, 10, 0, true, 64, 100, 0),
            new Scenario("a1k", "QoS 0, 10 pairs, 1 KiB", 10, 10, 0, true, 1024, 100, 0),
            new Scenario("a1", "QoS 0, 10 pairs, 64 B, one at a time", 10, 10, 0, true, 64, 1, 0),
            new Scenario("b", "QoS 1, 10 pairs, 64 B", 10, 10, 1, true, 64, 100, 0),
            new Scenario("c", "QoS 2, 10 pairs, 64 B", 10, 10, 2, true, 64, 100, 0),
            new Scenario("bp", "QoS 1, 10 pairs, 64 B, persistent sessions", 10, 10, 1, false, 64, 100, 0),
            new Scenario("cp", "QoS 2, 10 pairs, 64 B, persistent sessions", 10, 10, 2, false, 64, 100, 0),
            new Scenario("d", "fan-out 1 to 100, QoS 0, 64 B", 1, 100, 0, true, 64, 100, 0),
            new Scenario("e", "fan-in 100 to 1, QoS 1, 64 B", 100, 1, 1, true, 64, 10, 0),
            new Scenario("g", "open loop, QoS 1, 10 pairs, 64 B", 10, 10, 1, true, 64, 100, 5_000));

    static Scenario of(String id) {
        return ALL.stream()
                .filter(each -> each.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("scenario: " + id + " (expected: one of "
                        + ALL.stream().map(Scenario::id).toList() + ")"));
    }

    /** How many subscribers get each message. */
    int fan() {
        return publishers == 1 || subscribers == 0 ? subscribers : 1;
    }

    /** The filter of a subscriber. */
    String filter(int subscriber) {
        if (publishers == 1) {
            return topic(0);
        }
        return subscribers == 1 ? "load/+" : topic(subscriber);
    }

    /** Where a publisher publishes to. */
    public String topic(int publisher) {
        return "load/" + publisher;
    }
}
