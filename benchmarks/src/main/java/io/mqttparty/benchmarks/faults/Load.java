package io.mqttparty.benchmarks.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** Publishers and subscribers with their ledgers, and a bounded rate. */
final class Load implements AutoCloseable {
    private static final int PUBLISHERS_OF_EACH_QOS = 2;

    private final Semaphore permits = new Semaphore(0);
    private final List<LedgerPublisher> publishers = new ArrayList<>();
    private final List<LedgerSubscriber> subscribers = new ArrayList<>();
    private final Thread pacer;
    private volatile boolean pacing = true;

    private Load(int messagesPerSecond) {
        this.pacer = new Thread(() -> pace(messagesPerSecond), "pacer");
    }

    /**
     * Subscribers at QoS 1 and 2 that are subscribed, then publishers at QoS 1 and 2.
     *
     * @param run names topics and clients, so that nothing of another run is taken for this one's
     */
    static Load start(String run, IntSupplier ports, int messagesPerSecond) throws InterruptedException {
        Load load = new Load(messagesPerSecond);
        for (int qos = 1; qos <= 2; qos++) {
            load.subscribers.add(new LedgerSubscriber(run, run + "-sub-q" + qos, qos, ports));
        }
        for (LedgerSubscriber subscriber : load.subscribers) {
            subscriber.awaitSubscribed();
        }
        for (int qos = 1; qos <= 2; qos++) {
            for (int i = 1; i <= PUBLISHERS_OF_EACH_QOS; i++) {
                load.publishers.add(new LedgerPublisher(run, run + "-pub-q" + qos + "-" + i, qos, ports, load.permits));
            }
        }
        load.pacer.start();
        return load;
    }

    private void pace(int perSecond) {
        int perTick = Math.max(1, perSecond / 50);
        while (pacing) {
            if (permits.availablePermits() < perSecond) {
                permits.release(perTick);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    List<LedgerPublisher> publishers() {
        return publishers;
    }

    List<LedgerSubscriber> subscribers() {
        return subscribers;
    }

    long acknowledged() {
        return publishers.stream().mapToLong(LedgerPublisher::acknowledgedUpTo).sum();
    }

    /**
     * Lets nothing new be published, and waits until all is acknowledged and delivered, or the time is over. Whether all was acknowledged; what was
     * not delivered shows in the verdict.
     */
    boolean settle(Duration limit) {
        publishers.forEach(LedgerPublisher::stopPublishing);
        if (!await(limit, () -> publishers.stream().allMatch(LedgerPublisher::isSettled))) {
            return false;
        }
        await(limit, () -> Verdict.of(this, true, List.of()).isComplete());
        return true;
    }

    /** The ids of all clients. */
    List<String> clients() {
        return Stream.concat(
                        publishers.stream().map(LedgerPublisher::name),
                        subscribers.stream().map(LedgerSubscriber::name))
                .toList();
    }

    static boolean await(Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        pacing = false;
        pacer.interrupt();
        publishers.forEach(LedgerPublisher::close);
        subscribers.forEach(LedgerSubscriber::close);
    }
}
