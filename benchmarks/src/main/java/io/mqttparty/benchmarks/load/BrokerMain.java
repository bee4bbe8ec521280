package io.mqttparty.benchmarks.load;

import com.sun.management.ThreadMXBean;
import io.mqttparty.MqttParty;
import io.mqttparty.model.Limits;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.spi.Counter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * MQTTParty alone in a process, to be measured from outside: {@code BrokerMain [receive maximum]}. It prints its port, answers the questions
 * of {@link BrokerProcess} line by line, and ends with its standard input.
 */
public final class BrokerMain {
    private BrokerMain() {}

    /** Serves until standard input ends. */
    public static void main(String[] args) throws IOException {
        int receiveMaximum = args.length > 0 ? Integer.parseInt(args[0]) : Limits.DEFAULTS.receiveMaximum();
        try (MqttParty broker = MqttParty.builder()
                .listener(NettyTransport.tcp(0).host("127.0.0.1"))
                .allowAnonymous()
                .limits(Limits.DEFAULTS.withReceiveMaximum(receiveMaximum))
                .build()) {
            serve(broker);
        }
    }

    /** Starts the broker, prints its port, and answers until standard input ends. */
    public static void serve(MqttParty broker) throws IOException {
        broker.start().toCompletableFuture().join();
        System.out.println(broker.port());
        answer(broker);
    }

    private static void answer(MqttParty broker) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String question = in.readLine(); question != null; question = in.readLine()) {
            System.out.println(
                    switch (question) {
                        case "counters" -> counters(broker);
                        case "heap" -> usedHeapAfterCollection();
                        case "connections" -> broker.connections();
                        default -> "?";
                    });
        }
    }

    /** What {@link Counts} parses. */
    private static String counters(MqttParty broker) {
        return broker.count(Counter.PUBLISHES_SENT)
                + " " + broker.count(Counter.READS)
                + " " + broker.count(Counter.WRITES)
                + " " + broker.count(Counter.FLUSHES)
                + " " + allocatedBytes();
    }

    /** Bytes that all threads have allocated on the heap. */
    private static long allocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

    private static long usedHeapAfterCollection() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
