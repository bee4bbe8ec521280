package io.mqttparty.benchmarks.redis;

import io.mqttparty.redis.fixture.RespClient;
import java.io.IOException;
import java.util.function.IntFunction;

/**
 * The three commands of a message, each alone: XADD to as many queues as the load has, HGET of who owns the session, XDEL of one record. In batches
 * of 64 on one connection; a queue is as long as under load. Without it nothing says whether a machine is slow or the broker.
 */
final class Calibration implements AutoCloseable {
    private static final int BATCH = 64;
    /** Records in a queue before they are deleted again: as many as a window. */
    private static final int DEPTH = 100;

    private static final int FIRST = 65_535;

    private final RespClient observer;
    private final Pipeline pipeline;
    private final int queues;
    private final byte[][] adds;
    private final byte[][] gets;
    private long done;

    /** Makes queues and sessions on this server. */
    Calibration(int port, int queues, int recordBytes) throws IOException {
        this.observer = RespClient.connect(port);
        this.pipeline = new Pipeline(port);
        this.queues = queues;
        this.adds = new byte[queues][];
        this.gets = new byte[queues][];
        String record = "x".repeat(recordBytes);
        for (int i = 0; i < queues; i++) {
            observer.send("XADD", queue(i), "MAXLEN", "=", "0", "0-" + FIRST, "p", "");
            observer.send(
                    "HSET",
                    session(i),
                    "n",
                    "node.abcdefgh",
                    "e",
                    "1764000000000",
                    "tok",
                    "node.abcdefgh-" + i,
                    "inc",
                    "node.abcdefgh-" + i,
                    "x",
                    "604800",
                    "a",
                    "65536",
                    "ws",
                    "65536",
                    "present",
                    "1");
            adds[i] = Pipeline.frame("XADD", queue(i), "NOMKSTREAM", "MAXLEN", "~", "10000", "0-*", "p", record);
            gets[i] = Pipeline.frame("HGET", session(i), "n");
        }
    }

    private static String queue(int index) {
        return "calibration:{subscriber-" + index + "}:q:node.abcdefgh-" + index;
    }

    private static String session(int index) {
        return "calibration:{subscriber-" + index + "}:s";
    }

    /** Measures so many times the filling and emptying of all queues. */
    Costs measure(int times) throws IOException {
        double add = 0;
        double get = 0;
        double delete = 0;
        int count = queues * DEPTH;
        for (int i = 0; i < times; i++) {
            long base = FIRST + 1 + done;
            add += cpuMicros(count, 2, each -> adds[each % queues]);
            get += cpuMicros(count, 2, each -> gets[each % queues]);
            delete += cpuMicros(
                    count, 1, each -> Pipeline.frame("XDEL", queue(each % queues), "0-" + (base + each / queues)));
            done += DEPTH;
        }
        double commands = (double) times * count;
        return new Costs(add / commands, get / commands, delete / commands);
    }

    private double cpuMicros(int count, int linesEach, IntFunction<byte[]> frames) throws IOException {
        double before = RedisUse.of(observer).cpuMicros();
        for (int i = 0; i < count; i += BATCH) {
            int size = Math.min(BATCH, count - i);
            for (int k = 0; k < size; k++) {
                pipeline.add(frames.apply(i + k));
            }
            pipeline.exchange(size * linesEach);
        }
        return RedisUse.of(observer).cpuMicros() - before;
    }

    /** How many records all queues have together: none, unless something went wrong. */
    long left() {
        long left = 0;
        for (int i = 0; i < queues; i++) {
            left += observer.send("XLEN", queue(i)).number();
        }
        return left;
    }

    @Override
    public void close() throws IOException {
        pipeline.close();
        observer.close();
    }

    /**
     * CPU time of Redis per command, in microseconds.
     *
     * @param add of XADD
     * @param get of HGET
     * @param delete of XDEL
     */
    record Costs(double add, double get, double delete) {
        double sum() {
            return add + get + delete;
        }

        /** Messages per second if Redis did nothing but these three for each. */
        double ceiling() {
            return 1e6 / sum();
        }
    }
}
