package io.mqttparty.benchmarks.http;

import io.mqttparty.benchmarks.load.BrokerProcess;
import io.mqttparty.benchmarks.load.Figures;
import io.mqttparty.benchmarks.load.Flow;
import io.mqttparty.benchmarks.load.Options;
import io.mqttparty.benchmarks.load.Processors;
import io.mqttparty.benchmarks.load.Program;
import io.mqttparty.benchmarks.load.Scenario;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Measures the uplink, from PUBLISH at QoS 1 over a request that is answered with 204 to PUBACK, against a raw load: the same requests by the same HTTP clients to the same backend,
 * against direct ones, which take a request for answered when its body has ended, as the uplink does, and against bare ones, which have the payload and its
 * type only. Prints Markdown: {@code UplinkMain [name=value …]}.
 *
 * <pre>
 * payloads=64,1024      bytes; a run for each
 * devices=100           which publish; so many requests are on their way at once, raw too
 * window=4              messages of a device that are sent and not acknowledged
 * rounds=5              that count; raw load and devices take turns
 * seconds=3             of each in a round
 * warmup=60             seconds of both together before the first round: less is not enough for the compiler
 * processors=0,1        of the node, and of backend and devices; any for no choice
 * jvm="-Dx=y -Dz"       further arguments for the JVM of the node
 * </pre>
 */
public final class UplinkMain {
    private static final List<String> NAMES =
            List.of("payloads", "devices", "window", "rounds", "seconds", "warmup", "processors", "jvm");
    private static final List<String> JVM_FLAGS =
            List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-XX:+UseG1GC", "-XX:-UsePerfData");

    private final Map<String, String> options;
    private final Processors processors;

    private UplinkMain(Map<String, String> options) throws IOException {
        this.options = options;
        this.processors = Processors.parse(options.getOrDefault("processors", "0,1"));
    }

    /** Measures and prints. */
    public static void main(String[] args) throws IOException {
        run(args).forEach(each -> each.print(System.out));
    }

    static List<Result> run(String... args) throws IOException {
        UplinkMain main = new UplinkMain(Options.parse(args, NAMES));
        main.processors.pinThisToTheOther();
        List<Result> results = new ArrayList<>();
        for (String payload : main.options.getOrDefault("payloads", "64,1024").split(",", -1)) {
            results.add(main.measure(Integer.parseInt(payload)));
        }
        return results;
    }

    private Result measure(int payloadBytes) throws IOException {
        List<String> backendCommand = new ArrayList<>(processors.commandOfOther());
        backendCommand.addAll(Program.java(List.of("-Xmx256m"), UplinkBackendMain.class));
        try (BrokerProcess backend = BrokerProcess.thatTellsItsPort(backendCommand);
                BrokerProcess node = BrokerProcess.thatTellsItsPort(nodeCommand(backend));
                Flow flow = new Flow(scenario(payloadBytes), node.address())) {
            Duration half = Duration.ofMillis(number("warmup", 60) * 500L);
            raw("raw", node, payloadBytes, half.dividedBy(2));
            raw("direct", node, payloadBytes, half.dividedBy(2));
            flow.run(half);
            List<UplinkRound> rounds = new ArrayList<>();
            for (int i = 0; i < number("rounds", 5); i++) {
                UplinkRound round = round(backend, node, flow, payloadBytes);
                System.err.printf(
                        "%d B: %.0f/s of raw %.0f/s and direct %.0f/s%n",
                        payloadBytes,
                        round.perSecond(),
                        round.raw().perSecond(),
                        round.direct().perSecond());
                rounds.add(round);
            }
            return new Result(payloadBytes, number("devices", 100), rounds, flow.sent() - flow.acknowledged());
        }
    }

    private UplinkRound round(BrokerProcess backend, BrokerProcess node, Flow flow, int payloadBytes)
            throws IOException {
        Duration duration = Duration.ofSeconds(number("seconds", 3));
        UplinkRound.Raw raw = raw("raw", node, payloadBytes, duration);
        UplinkRound.Raw bare = raw("bare", node, payloadBytes, duration);
        UplinkRound.Raw direct = raw("direct", node, payloadBytes, duration);
        long requests = Long.parseLong(backend.program().ask("requests"));
        long before = flow.acknowledged();
        long cpu = node.program().cpuNanos();
        long start = System.nanoTime();
        flow.run(duration);
        long nanos = System.nanoTime() - start;
        return new UplinkRound(
                raw,
                bare,
                direct,
                flow.acknowledged() - before,
                nanos,
                node.program().cpuNanos() - cpu,
                Long.parseLong(backend.program().ask("requests")) - requests);
    }

    private UplinkRound.Raw raw(String kind, BrokerProcess node, int payloadBytes, Duration duration)
            throws IOException {
        long cpu = node.program().cpuNanos();
        String answer = node.program()
                .ask(kind + " " + payloadBytes + " " + number("devices", 100) + " " + duration.toMillis());
        return UplinkRound.Raw.of(answer, node.program().cpuNanos() - cpu);
    }

    private List<String> nodeCommand(BrokerProcess backend) {
        String jvm = options.getOrDefault("jvm", "");
        List<String> arguments = new ArrayList<>(JVM_FLAGS);
        arguments.addAll(jvm.isEmpty() ? List.of() : List.of(jvm.split(" ", -1)));
        List<String> command = new ArrayList<>(processors.commandOfBroker());
        String url = "http://127.0.0.1:" + backend.address().getPort() + "/v1/messages";
        command.addAll(Program.java(arguments, UplinkNodeMain.class, url));
        return command;
    }

    private Scenario scenario(int payloadBytes) {
        return new Scenario(
                "uplink",
                payloadBytes + " B",
                number("devices", 100),
                0,
                1,
                true,
                payloadBytes,
                number("window", 4),
                0);
    }

    private int number(String name, int otherwise) {
        return Integer.parseInt(options.getOrDefault(name, "" + otherwise));
    }

    /**
     * What was measured with one size of payload.
     *
     * @param devices that published
     * @param lost messages that were sent and never acknowledged
     */
    record Result(int payloadBytes, int devices, List<UplinkRound> rounds, long lost) {
        Result {
            rounds = List.copyOf(rounds);
        }

        void print(PrintStream out) {
            out.printf("%nUplink, QoS 1, %d B, %d devices, HTTP/1.1%n%n", payloadBytes, devices);
            out.println("| figure | median (min-max) | target |");
            out.println("|---|---|---|");
            row(out, "raw requests/s", 0, each -> each.raw().perSecond(), "-");
            row(out, "direct requests/s", 0, each -> each.direct().perSecond(), "-");
            row(out, "bare requests/s", 0, each -> each.bare().perSecond(), "-");
            row(out, "messages/s, PUBLISH to PUBACK", 0, UplinkRound::perSecond, "-");
            row(out, "**messages / raw requests**", 2, each -> each.ratioTo(each.raw()), ">= 0.7");
            row(out, "messages / direct requests", 2, each -> each.ratioTo(each.direct()), "-");
            row(out, "messages / bare requests", 2, each -> each.ratioTo(each.bare()), "-");
            row(out, "CPU per raw request, us", 1, each -> each.raw().cpuMicros(), "-");
            row(out, "CPU per direct request, us", 1, each -> each.direct().cpuMicros(), "-");
            row(out, "CPU per bare request, us", 1, each -> each.bare().cpuMicros(), "-");
            row(out, "CPU of the node per message, us", 1, UplinkRound::cpuMicros, "-");
            row(out, "lost", "" + lost, "0");
        }

        private void row(
                PrintStream out, String figure, int digits, ToDoubleFunction<UplinkRound> value, String target) {
            row(out, figure, Figures.of(rounds, value).text(digits), target);
        }

        private static void row(PrintStream out, String figure, String value, String target) {
            out.println("| " + figure + " | " + value + " | " + target + " |");
        }
    }
}
