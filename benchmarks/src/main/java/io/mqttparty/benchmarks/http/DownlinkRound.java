package io.mqttparty.benchmarks.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * So many callers for so long, each with a device of its own: {@code POST …/messages} at QoS 1 with {@code wait=puback}, from the first byte of the
 * request to the last of the answer.
 *
 * @param devicePort where the devices are connected
 * @param httpPort where the callers ask
 * @param clean whether the sessions of the devices end with their connections
 * @param callers how many there are
 * @param payloadBytes of each message
 */
record DownlinkRound(int devicePort, int httpPort, boolean clean, int callers, int payloadBytes) {
    private static final int MOST_CALLS = 2_000_000;

    /** What came out. */
    record Result(double perSecond, double p50Micros, double p99Micros, long calls) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,9.0f/s   p50 %,7.0f us   p99 %,7.0f us   (%,d calls)",
                    perSecond,
                    p50Micros,
                    p99Micros,
                    calls);
        }
    }

    /** Runs it. */
    Result run(int warmUpSeconds, int seconds) throws IOException, InterruptedException, ExecutionException {
        List<AutoCloseable> open = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            long begin = System.nanoTime() + TimeUnit.SECONDS.toNanos(warmUpSeconds);
            long end = begin + TimeUnit.SECONDS.toNanos(seconds);
            List<Future<long[]>> all = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                String id = "device-" + (clean ? "c" : "p") + i;
                open.add(new AcknowledgingDevice(devicePort, id, clean));
                HttpCaller caller = new HttpCaller(
                        httpPort, "/v1/clients/" + id + "/messages?topic=t&wait=puback", "x".repeat(payloadBytes));
                open.add(caller);
                all.add(threads.submit(() -> calls(caller, begin, end)));
            }
            List<long[]> times = new ArrayList<>();
            for (Future<long[]> each : all) {
                times.add(each.get());
            }
            return result(times, seconds);
        } finally {
            threads.shutdownNow();
            for (AutoCloseable each : open) {
                close(each);
            }
        }
    }

    private static void close(AutoCloseable closeable) throws IOException {
        try {
            closeable.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private long[] calls(HttpCaller caller, long begin, long end) throws IOException {
        long[] nanos = new long[MOST_CALLS / callers];
        int count = 0;
        for (long sent = System.nanoTime(); sent < end && count < nanos.length; ) {
            caller.call();
            long now = System.nanoTime();
            if (sent >= begin) {
                nanos[count++] = now - sent;
            }
            sent = now;
        }
        return Arrays.copyOf(nanos, count);
    }

    private static Result result(List<long[]> times, int seconds) {
        long[] all = times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Result((double) all.length / seconds, percentile(all, 0.5), percentile(all, 0.99), all.length);
    }

    private static double percentile(long[] sorted, double part) {
        return sorted[(int) Math.min(sorted.length - 1, (long) (sorted.length * part))] / 1e3;
    }
}
