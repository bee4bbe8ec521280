package io.mqttparty.benchmarks.http;

import io.mqttparty.benchmarks.load.Program;
import io.mqttparty.redis.fixture.RedisServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * How long it takes to hand a message to a device over HTTP until the device has acknowledged it: on one node in memory, on one node with Redis, and
 * from one node to a device of another. {@code DownlinkMain [seconds] [rounds]}; each round runs all of it once.
 */
public final class DownlinkMain {
    private static final int WARM_UP_SECONDS = 5;
    private static final int PAYLOAD_BYTES = 64;
    private static final int[] CALLERS = {1, 16};

    private final int seconds;

    private DownlinkMain(int seconds) {
        this.seconds = seconds;
    }

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        DownlinkMain all = new DownlinkMain(args.length > 0 ? Integer.parseInt(args[0]) : 10);
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        for (int round = 1; round <= rounds; round++) {
            System.out.println(
                    "round " + round + " of " + rounds + ": POST /v1/clients/{id}/messages, QoS 1, wait=puback, "
                            + PAYLOAD_BYTES + " B, " + all.seconds + " s each");
            try (Node node = Node.start()) {
                all.run("one node, memory", node, node);
            }
            try (RedisServer redis = RedisServer.start();
                    Node one = Node.start(redis.uri());
                    Node two = Node.start(redis.uri())) {
                all.run("one node, Redis", one, one);
                all.run("two nodes, Redis", one, two);
            }
        }
    }

    private void run(String where, Node device, Node http)
            throws IOException, InterruptedException, ExecutionException {
        for (boolean clean : new boolean[] {true, false}) {
            for (int callers : CALLERS) {
                DownlinkRound.Result result = new DownlinkRound(
                                device.mqttPort, http.httpPort, clean, callers, PAYLOAD_BYTES)
                        .run(WARM_UP_SECONDS, seconds);
                System.out.printf(
                        "%-17s %-18s %2d callers %s%n",
                        where, clean ? "clean session" : "persistent session", callers, result);
            }
        }
    }

    /** A node in a process. */
    private static final class Node implements AutoCloseable {
        private final Program program;
        private final int mqttPort;
        private final int httpPort;

        private Node(Program program) throws IOException {
            this.program = program;
            String[] ports = program.line().split(" ", -1);
            this.mqttPort = Integer.parseInt(ports[0]);
            this.httpPort = Integer.parseInt(ports[1]);
        }

        static Node start(String... arguments) throws IOException {
            List<String> jvm = List.of("-Xms256m", "-Xmx256m");
            return new Node(Program.start(Program.java(jvm, DownlinkNodeMain.class, arguments)));
        }

        @Override
        public void close() throws IOException {
            program.close();
        }
    }
}
