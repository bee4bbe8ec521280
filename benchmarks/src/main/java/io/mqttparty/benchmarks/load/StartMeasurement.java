package io.mqttparty.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scenario h: from the start of the process to the first CONNACK. */
final class StartMeasurement {
    /** Touching a gigabyte in advance is for steady measurements only. */
    private static final List<String> SMALL_HEAP = List.of("-XX:-AlwaysPreTouch", "-Xms64m");

    private StartMeasurement() {}

    static void run(List<BrokerKind> kinds, int processor, List<String> jvmArguments, int rounds) throws IOException {
        System.out.printf("%nh: start to first CONNACK%n%n| broker | ms: median (min-max) |%n|---|---|%n");
        for (BrokerKind kind : kinds) {
            if (kind != BrokerKind.RELAY) {
                long[] millis = new long[rounds];
                for (int i = 0; i < rounds; i++) {
                    millis[i] = start(kind, processor, jvmArguments);
                }
                Arrays.sort(millis);
                System.out.printf("| %s | %d (%d-%d) |%n", kind, millis[rounds / 2], millis[0], millis[rounds - 1]);
            }
        }
    }

    private static long start(BrokerKind kind, int processor, List<String> jvmArguments) throws IOException {
        List<String> arguments = new ArrayList<>(SMALL_HEAP);
        arguments.addAll(jvmArguments);
        long start = System.nanoTime();
        try (BrokerProcess broker = kind.start(processor, arguments);
                IdleClients first = new IdleClients(broker.address(), 1)) {
            long nanos = System.nanoTime() - start;
            if (first.subscribed() != 1) {
                throw new IOException("no CONNACK");
            }
            return nanos / 1_000_000;
        }
    }
}
