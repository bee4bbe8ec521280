package io.mqttparty.benchmarks.http;

import io.mqttparty.benchmarks.load.Figures;
import io.mqttparty.benchmarks.load.Options;
import io.mqttparty.benchmarks.load.Program;
import io.mqttparty.redis.fixture.RedisServer;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * How long it takes to hand a message to a device over HTTP until the device has acknowledged it: on one node in memory, on one node with Redis, and
 * from one node to a device of another. Arguments: {@code rounds}, each of which runs all of it once, {@code seconds} and {@code warmup} of each line,
 * {@code callers} at once, {@code payload} in bytes.
 */
public final class DownlinkMain {
    private final Map<String, String> options;
    private final List<Integer> callers = new ArrayList<>();
    private final Map<Line, List<DownlinkRound.Result>> results = new LinkedHashMap<>();

    /**
     * What is measured on its own.
     *
     * @param where the nodes
     * @param clean whether the sessions of the devices end with their connections
     * @param callers how many at once
     */
    record Line(String where, boolean clean, int callers) {}

    private DownlinkMain(Map<String, String> options) {
        this.options = options;
        for (String each : options.getOrDefault("callers", "1,16").split(",", -1)) {
            callers.add(Integer.parseInt(each));
        }
    }

    /** Runs it and prints the table. */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        print(run(args), System.out);
    }

    /** Runs it; the results of all rounds, by line, in the order of the table. */
    static Map<Line, List<DownlinkRound.Result>> run(String... args)
            throws IOException, InterruptedException, ExecutionException {
        DownlinkMain all =
                new DownlinkMain(Options.parse(args, List.of("rounds", "seconds", "warmup", "callers", "payload")));
        for (int round = 0; round < all.number("rounds", 3); round++) {
            all.round();
        }
        return all.results;
    }

    private void round() throws IOException, InterruptedException, ExecutionException {
        try (Node node = Node.start()) {
            measure("one node, memory", node, node);
        }
        try (RedisServer redis = RedisServer.start();
                Node one = Node.start(redis.uri());
                Node two = Node.start(redis.uri())) {
            measure("one node, Redis", one, one);
            measure("two nodes, Redis", one, two);
        }
    }

    private void measure(String where, Node device, Node http)
            throws IOException, InterruptedException, ExecutionException {
        for (boolean clean : new boolean[] {true, false}) {
            for (int count : callers) {
                DownlinkRound round =
                        new DownlinkRound(device.mqttPort, http.httpPort, clean, count, number("payload", 64));
                DownlinkRound.Result result = round.run(number("warmup", 5), number("seconds", 6));
                System.err.printf("%s, %s, %d callers: %s%n", where, clean ? "clean" : "persistent", count, result);
                results.computeIfAbsent(new Line(where, clean, count), line -> new ArrayList<>())
                        .add(result);
            }
        }
    }

    private int number(String name, int otherwise) {
        return Integer.parseInt(options.getOrDefault(name, "" + otherwise));
    }

    static void print(Map<Line, List<DownlinkRound.Result>> results, PrintStream out) {
        out.println("| | session | callers | per second | p50, us | p99, us |");
        out.println("|---|---|---|---|---|---|");
        results.forEach((line, rounds) -> out.printf(
                "| %s | %s | %d | %s | %s | %s |%n",
                line.where(),
                line.clean() ? "clean" : "persistent",
                line.callers(),
                Figures.of(rounds, DownlinkRound.Result::perSecond).text(0),
                Figures.of(rounds, DownlinkRound.Result::p50Micros).text(0),
                Figures.of(rounds, DownlinkRound.Result::p99Micros).text(0)));
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
