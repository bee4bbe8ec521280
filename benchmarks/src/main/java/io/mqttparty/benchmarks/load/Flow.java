package io.mqttparty.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The clients of a scenario, connected to one broker. They rest between runs. */
public final class Flow implements AutoCloseable {
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final Scenario scenario;
    private final Reactor reactor = new Reactor();
    private final Latencies latencies = new Latencies();
    private final Latencies acknowledgements = new Latencies();
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();

    /** Connects and subscribes. */
    public Flow(Scenario scenario, InetSocketAddress broker) throws IOException {
        this.scenario = scenario;
        for (int i = 0; i < scenario.subscribers(); i++) {
            subscribers.add(new Subscriber(reactor, broker, scenario, i, publishers, latencies));
        }
        await("SUBACK", () -> subscribers.stream().allMatch(Subscriber::isSubscribed));
        for (int i = 0; i < scenario.publishers(); i++) {
            publishers.add(new Publisher(reactor, broker, scenario, i, acknowledgements));
        }
        await("CONNACK", () -> publishers.stream().allMatch(Publisher::isAccepted));
    }

    private void await(String what, BooleanSupplier done) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        reactor.flush();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IOException("nothing came (expected: " + what + ")");
            }
            reactor.read(10);
            reactor.flush();
        }
    }

    /** Keeps the windows full for this long, then waits until everything has arrived. */
    public void run(Duration duration) throws IOException {
        long end = System.nanoTime() + duration.toNanos();
        latencies.start();
        if (scenario.ratePerSecond() > 0) {
            pace(end);
        } else {
            while (System.nanoTime() < end) {
                fill(Long.MAX_VALUE);
                turn(1);
            }
        }
        drain();
    }

    /**
     * Sends so many messages per second for this long, whatever has become of those before, then waits until everything has arrived. The thread
     * sleeps while nothing comes, at most a millisecond; a message that leaves late for it counts from when it was due.
     */
    public void runAt(int messagesPerSecond, Duration duration) throws IOException {
        double interval = 1e9 / messagesPerSecond;
        long start = System.nanoTime();
        long end = (long) (duration.toNanos() / interval);
        latencies.start();
        acknowledgements.start();
        long next = 0;
        while (next < end) {
            long now = System.nanoTime();
            for (long due = start; next < end && (due = start + (long) (next * interval)) <= now; next++) {
                publishers.get((int) (next % publishers.size())).publish(due);
            }
            turn(1);
        }
        drain();
    }

    /** Lets each publisher send until it has sent so many messages since it connected, then waits until everything has arrived. */
    void runUntilSent(long messagesPerPublisher) throws IOException {
        long end = System.nanoTime() + 6 * PATIENCE_NANOS;
        while (publishers.stream().anyMatch(each -> each.sent() < messagesPerPublisher)) {
            fill(messagesPerPublisher);
            turn(1);
            if (System.nanoTime() > end) {
                break;
            }
        }
        drain();
    }

    private void fill(long maximum) {
        for (int i = 0; i < publishers.size(); i++) {
            Publisher publisher = publishers.get(i);
            long room = Math.min(scenario.window() - publisher.outstanding(), maximum - publisher.sent());
            for (; room > 0; room--) {
                publisher.publish();
            }
        }
    }

    private void turn(long timeoutMillis) throws IOException {
        reactor.flush();
        reactor.read(timeoutMillis);
    }

    /** One message after the other, evenly, whatever has become of those before. The thread never sleeps, so that it is never late. */
    private void pace(long end) throws IOException {
        long interval = 1_000_000_000L / scenario.ratePerSecond();
        int next = 0;
        for (long due = System.nanoTime(); due < end; due += interval) {
            while (System.nanoTime() < due) {
                turn(0);
            }
            publishers.get(next++ % publishers.size()).publish();
            reactor.flush();
        }
    }

    private void drain() throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (publishers.stream().anyMatch(each -> each.outstanding() > 0)) {
            turn(1);
            if (System.nanoTime() > end) {
                publishers.forEach(Publisher::forget);
            }
        }
        reactor.flush();
    }

    /** Messages that were sent. */
    public long sent() {
        return publishers.stream().mapToLong(Publisher::sent).sum();
    }

    /** Messages whose acknowledgement has come. */
    public long acknowledged() {
        return publishers.stream().mapToLong(Publisher::acknowledged).sum();
    }

    /** Messages that came. */
    public long received() {
        return subscribers.stream().mapToLong(Subscriber::received).sum();
    }

    /** Messages that did not come; between runs only. */
    public long lost() {
        return sent() * scenario.fan() - received() + repeated();
    }

    /** Messages that came twice, or too late. */
    public long repeated() {
        return subscribers.stream().mapToLong(Subscriber::repeated).sum();
    }

    /** From the publish to the subscriber, of the last run. */
    public Latencies latencies() {
        return latencies;
    }

    /** From when a message was due until its PUBACK, of the last {@link #runAt}. */
    public Latencies acknowledgements() {
        return acknowledgements;
    }

    @Override
    public void close() throws IOException {
        reactor.close();
    }
}
