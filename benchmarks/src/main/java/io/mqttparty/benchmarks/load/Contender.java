package io.mqttparty.benchmarks.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One broker in one scenario: its process, the clients that are connected to it, and the rounds so far. */
final class Contender implements AutoCloseable {
    private static final Duration WARM_UP_ROUND = Duration.ofSeconds(2);
    private static final int WARM_UP_MIN_ROUNDS = 4;
    private static final int WARM_UP_MAX_ROUNDS = 20;
    /** A round that is not cheaper than the cheapest before by more than this is no progress. */
    private static final double PROGRESS = 0.97;

    private final BrokerKind kind;
    private final BrokerProcess process;
    private final Flow flow;
    private final List<Measurement> rounds = new ArrayList<>();

    Contender(BrokerKind kind, Scenario scenario, int processor, List<String> jvmArguments) throws IOException {
        this.kind = kind;
        this.process = kind.start(processor, jvmArguments);
        this.flow = new Flow(scenario, process.address());
    }

    /** Runs until the cost per message has not fallen for three rounds; returns how many it took. */
    int warmUp() throws IOException {
        double best = Double.MAX_VALUE;
        int stale = 0;
        int round = 0;
        while (round < WARM_UP_MIN_ROUNDS || (stale < 3 && round < WARM_UP_MAX_ROUNDS)) {
            double cost = measure(WARM_UP_ROUND).microsPerMessage();
            stale = cost < best * PROGRESS ? 0 : stale + 1;
            best = Math.min(best, cost);
            round++;
        }
        return round;
    }

    /** One round that counts. */
    Measurement round(Duration duration) throws IOException {
        Measurement measured = measure(duration);
        rounds.add(measured);
        return measured;
    }

    private Measurement measure(Duration duration) throws IOException {
        long received = flow.received();
        Counts before = process.counts();
        long start = System.nanoTime();
        flow.run(duration);
        long nanos = System.nanoTime() - start;
        Counts spent = process.counts().minus(before);
        return new Measurement(
                flow.received() - received, nanos, spent, flow.latencies().percentile(0.5));
    }

    BrokerKind kind() {
        return kind;
    }

    List<Measurement> rounds() {
        return List.copyOf(rounds);
    }

    long lost() {
        return flow.lost();
    }

    long repeated() {
        return flow.repeated();
    }

    @Override
    public void close() throws IOException {
        flow.close();
        process.close();
    }
}
