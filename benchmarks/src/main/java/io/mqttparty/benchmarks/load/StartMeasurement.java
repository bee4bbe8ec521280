package io.mqttparty.benchmarks.load;

import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Scenario h: from the start of the process to the first CONNACK. */
final class StartMeasurement {
    private static final int CONNACK_BYTES = 4;

    private StartMeasurement() {}

    static void run(List<BrokerKind> kinds, int processor, List<String> jvmArguments, int rounds) throws IOException {
        Map<BrokerKind, Start[]> starts = new EnumMap<>(BrokerKind.class);
        for (int round = -1; round < rounds; round++) { // The first one fills the caches of files.
            for (BrokerKind kind : kinds) {
                if (kind != BrokerKind.RELAY) {
                    Start start = start(kind, processor, jvmArguments);
                    starts.computeIfAbsent(kind, each -> new Start[rounds])[Math.max(0, round)] = start;
                }
            }
        }
        System.out.printf("%nh: start to first CONNACK%n%n| broker | ms: median (min-max) | CPU ms |%n|---|---|---|%n");
        starts.forEach((kind, each) -> System.out.printf(
                "| %s | %s | %s |%n", kind, summary(each, Start::nanos), summary(each, Start::cpuNanos)));
    }

    private static Start start(BrokerKind kind, int processor, List<String> jvmArguments) throws IOException {
        long start = System.nanoTime();
        try (BrokerProcess broker = kind.startAsShipped(processor, jvmArguments);
                Socket client = new Socket(
                        broker.address().getAddress(), broker.address().getPort())) {
            client.getOutputStream().write(Frames.connect("first", true));
            byte[] connack = client.getInputStream().readNBytes(CONNACK_BYTES);
            long nanos = System.nanoTime() - start;
            if (connack.length < CONNACK_BYTES || connack[CONNACK_BYTES - 1] != 0) {
                throw new IOException("not connected: " + Arrays.toString(connack));
            }
            return new Start(nanos, broker.program().cpuNanos());
        }
    }

    private static String summary(Start[] starts, ToLongFunction<Start> figure) {
        long[] millis = Arrays.stream(starts)
                .mapToLong(figure)
                .map(nanos -> nanos / 1_000_000)
                .sorted()
                .toArray();
        return String.format(
                Locale.ROOT, "%d (%d-%d)", millis[millis.length / 2], millis[0], millis[millis.length - 1]);
    }

    /**
     * One start.
     *
     * @param nanos until CONNACK
     * @param cpuNanos of all threads of the broker until then
     */
    private record Start(long nanos, long cpuNanos) {}
}
