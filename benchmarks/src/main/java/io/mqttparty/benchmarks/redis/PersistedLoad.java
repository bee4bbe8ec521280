package io.mqttparty.benchmarks.redis;

import io.mqttparty.benchmarks.load.Flow;
import io.mqttparty.benchmarks.load.Scenario;
import java.io.IOException;
import java.time.Duration;

/**
 * Messages at QoS 1, each from a publisher to one subscriber with a persistent session that is online: in Redis, delivered, acknowledged on both
 * sides, and deleted again.
 */
final class PersistedLoad implements AutoCloseable {
    private static final int WINDOW = 100;
    /** What a record has besides topic and payload. */
    private static final int RECORD_HEAD = 4;

    private final Stage stage;
    private final Flow flow;
    private final Calibration calibration;

    /** Connects so many publishers and subscribers. */
    PersistedLoad(Stage stage, int pairs, int payloadBytes) throws IOException {
        this.stage = stage;
        Scenario scenario = new Scenario("redis", payloadBytes + " B", pairs, pairs, 1, false, payloadBytes, WINDOW, 0);
        int recordBytes = RECORD_HEAD + scenario.topic(pairs - 1).length() + payloadBytes;
        this.calibration = new Calibration(stage.redisPort(), pairs, recordBytes);
        this.flow = new Flow(scenario, stage.broker());
    }

    void warmUp(Duration duration) throws IOException {
        flow.run(duration);
        calibration.measure(1);
    }

    /** Calibrates, loads as much as the windows let through, then half as much; the load takes this long each. */
    Round round(Duration duration, int calibrations) throws IOException {
        Calibration.Costs alone = calibration.measure(calibrations);
        long received = flow.received();
        long brokerCpu = stage.brokerCpuNanos();
        RedisUse redis = stage.redisUse();
        long start = System.nanoTime();
        flow.run(duration);
        long nanos = System.nanoTime() - start;
        RedisUse spent = stage.redisUse().minus(redis);
        long brokerSpent = stage.brokerCpuNanos() - brokerCpu;
        long delivered = flow.received() - received;
        int half = (int) Math.max(1, delivered * 500_000_000L / nanos);
        flow.runAt(half, duration);
        return new Round(
                alone,
                delivered,
                nanos,
                spent,
                brokerSpent,
                new Round.AtHalf(
                        half,
                        flow.acknowledgements().percentile(0.5),
                        flow.acknowledgements().percentile(0.99),
                        flow.latencies().percentile(0.5)));
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
        calibration.close();
    }
}
