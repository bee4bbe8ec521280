package io.mqttparty.benchmarks.redis;

import io.mqttparty.benchmarks.load.Figures;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What was measured, and how it is printed: the median of the rounds, with the lowest and the highest, beside the target. */
final class Result {
    private final List<Load> loads = new ArrayList<>();
    private final List<Connections.Costs> connections = new ArrayList<>();

    /**
     * The rounds with one size of payload.
     *
     * @param payloadBytes the size
     * @param rounds of it
     * @param lost messages in all of them
     * @param repeated messages in all of them
     */
    record Load(int payloadBytes, List<Round> rounds, long lost, long repeated) {
        Load {
            rounds = List.copyOf(rounds);
        }

        Figures figures(ToDoubleFunction<Round> figure) {
            return Figures.of(rounds, figure);
        }
    }

    void add(Load load) {
        loads.add(load);
    }

    void add(Connections.Costs costs) {
        connections.add(costs);
    }

    List<Load> loads() {
        return List.copyOf(loads);
    }

    List<Connections.Costs> connections() {
        return List.copyOf(connections);
    }

    void print(PrintStream out) {
        loads.forEach(load -> print(load, out));
        if (!connections.isEmpty()) {
            printConnections(out);
        }
        out.flush();
    }

    private static void print(Load load, PrintStream out) {
        out.printf("%nQoS 1, %d B, to persistent sessions that are online%n%n", load.payloadBytes());
        out.println("| figure | median (min-max) | target |");
        out.println("|---|---|---|");
        row(out, "XADD alone, us", load.figures(each -> each.alone().add()).text(2), "-");
        row(out, "HGET alone, us", load.figures(each -> each.alone().get()).text(2), "-");
        row(out, "XDEL alone, us", load.figures(each -> each.alone().delete()).text(2), "-");
        row(out, "sum S, us", load.figures(each -> each.alone().sum()).text(2), "-");
        row(
                out,
                "ceiling, messages/s",
                load.figures(each -> each.alone().ceiling()).text(0),
                "-");
        row(
                out,
                "**Redis CPU per message**, us",
                load.figures(Round::redisMicros).text(2),
                "-");
        row(out, "**Redis CPU per message / S**", load.figures(Round::costRatio).text(2), "<= 1.25");
        row(
                out,
                "**commands per message**",
                load.figures(Round::commandsPerMessage).text(3),
                "<= 3.2");
        row(out, "messages/s", load.figures(Round::messagesPerSecond).text(0), "-");
        row(out, "**messages/s / ceiling**", load.figures(Round::rateRatio).text(2), ">= 0.6");
        row(out, "Redis busy, part of the time", load.figures(Round::redisBusy).text(2), "-");
        row(out, "broker CPU per message, us", load.figures(Round::brokerMicros).text(2), "-");
        row(out, "bytes into Redis per message", load.figures(Round::bytesIn).text(0), "-");
        row(out, "bytes out of Redis per message", load.figures(Round::bytesOut).text(0), "-");
        row(
                out,
                "half of the rate, messages/s",
                load.figures(each -> each.atHalf().messagesPerSecond()).text(0),
                "-");
        row(
                out,
                "**PUBACK p50** at half, us",
                load.figures(each -> each.atHalf().pubackP50()).text(0),
                "<= 2,000");
        row(
                out,
                "PUBACK p99 at half, us",
                load.figures(each -> each.atHalf().pubackP99()).text(0),
                "-");
        row(
                out,
                "delivery p50 at half, us",
                load.figures(each -> each.atHalf().deliveryP50()).text(0),
                "-");
        row(out, "lost, repeated", load.lost() + ", " + load.repeated(), "0, 0");
    }

    private void printConnections(PrintStream out) {
        out.printf("%nConnections with persistent sessions%n%n");
        out.println("| figure | median (min-max) | target |");
        out.println("|---|---|---|");
        row(
                out,
                "Redis CPU per attach, new, us",
                Figures.of(connections, Connections.Costs::attachMicros).text(1),
                "<= 25");
        row(
                out,
                "of it in the script, us",
                Figures.of(connections, Connections.Costs::attachScriptMicros).text(1),
                "-");
        row(
                out,
                "Redis CPU per attach, resume, us",
                Figures.of(connections, Connections.Costs::resumeMicros).text(1),
                "<= 25");
        row(
                out,
                "of it in the script, us",
                Figures.of(connections, Connections.Costs::resumeScriptMicros).text(1),
                "-");
        row(
                out,
                "commands of the node without connections",
                Figures.of(connections, each -> Connections.Costs.calls(each.without()))
                        .text(0),
                "-");
        row(
                out,
                "difference with idle connections",
                Figures.of(connections, Connections.Costs::difference).text(0),
                "0");
        row(
                out,
                "**commands that name an idle client**",
                Figures.of(connections, Connections.Costs::naming).text(0),
                "0");
        out.printf(
                "%nCommands in all rounds: attach %s, resume %s, ",
                sums(each -> each.attach().commands()),
                sums(each -> each.resume().commands()));
        out.printf("idle time without %s, with %s%n", sums(Connections.Costs::without), sums(Connections.Costs::with));
    }

    private Map<String, Long> sums(Function<Connections.Costs, Map<String, Long>> figure) {
        Map<String, Long> sums = new TreeMap<>();
        connections.forEach(each -> figure.apply(each).forEach((name, calls) -> sums.merge(name, calls, Long::sum)));
        return sums;
    }

    private static void row(PrintStream out, String figure, String value, String target) {
        out.println("| " + figure + " | " + value + " | " + target + " |");
    }
}
