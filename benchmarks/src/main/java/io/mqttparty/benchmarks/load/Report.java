package io.mqttparty.benchmarks.load;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** The result of one scenario as a table in Markdown. */
final class Report {
    private static final PrintStream OUT = System.out;

    private Report() {}

    static void print(Scenario scenario, List<Contender> contenders) {
        OUT.printf("%n%s: %s, window %d%n%n", scenario.id(), scenario.title(), scenario.window());
        OUT.println("| broker | CPU us/message: median (min-max) | messages/s | p50 us | reads, writes, flushes/message"
                + " | heap B/message | lost, repeated |");
        OUT.println("|---|---|---|---|---|---|---|");
        for (Contender each : contenders) {
            print(scenario, each);
        }
        printRatio(contenders);
    }

    private static void print(Scenario scenario, Contender contender) {
        List<Measurement> rounds = contender.rounds();
        Figures cost = Figures.of(rounds, Measurement::microsPerMessage);
        boolean counted = rounds.get(0).spent().sent() > 0;
        OUT.printf(
                Locale.ROOT,
                "| %s | %.3f (%.3f-%.3f) | %,.0f | %s | %s | %s | %d, %d |%n",
                contender.kind(),
                cost.median(),
                cost.min(),
                cost.max(),
                Figures.of(rounds, Measurement::messagesPerSecond).median(),
                scenario.ratePerSecond() > 0
                        ? "%.0f"
                                .formatted(Figures.of(rounds, Measurement::p50Micros)
                                        .median())
                        : "-",
                counted ? calls(rounds) : "-",
                counted ? "%.0f".formatted(perMessage(rounds, Counts::allocatedBytes)) : "-",
                contender.lost(),
                contender.repeated());
    }

    private static String calls(List<Measurement> rounds) {
        return String.format(
                Locale.ROOT,
                "%.4f, %.4f, %.4f",
                perMessage(rounds, Counts::reads),
                perMessage(rounds, Counts::writes),
                perMessage(rounds, Counts::flushes));
    }

    private static double perMessage(List<Measurement> rounds, ToLongFunction<Counts> figure) {
        return Figures.of(rounds, each -> (double) figure.applyAsLong(each.spent()) / each.delivered())
                .median();
    }

    private static void printRatio(List<Contender> contenders) {
        double first = cost(contenders.get(0));
        for (Contender other : contenders.subList(1, contenders.size())) {
            OUT.printf(Locale.ROOT, "%n%s costs %.2f times as much.%n", other.kind(), cost(other) / first);
        }
        OUT.flush();
    }

    private static double cost(Contender contender) {
        return Figures.of(contender.rounds(), Measurement::microsPerMessage).median();
    }
}
