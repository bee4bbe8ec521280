package io.mqttparty.benchmarks.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compares brokers: {@code LoadMain [name=value …]}. Start it on a processor of its own; the brokers run on {@code processor}.
 *
 * <pre>
 * scenarios=a,b,c       ids of {@link Scenario}, also f (idle connections) and h (start)
 * brokers=MQTTPARTY,MOSQUITTO
 * rounds=5              that count, interleaved
 * seconds=3             of each round
 * processor=0           for the brokers; -1 for any
 * jvm="-Dx=y -Dz"       further arguments for the JVMs that are measured
 * </pre>
 */
public final class LoadMain {
    private final Map<String, String> options;
    private final List<BrokerKind> kinds;

    private LoadMain(Map<String, String> options) {
        this.options = options;
        this.kinds = list("brokers", "MQTTPARTY,MOSQUITTO").stream()
                .map(BrokerKind::valueOf)
                .toList();
    }

    /** Measures and prints Markdown. */
    public static void main(String[] args) throws IOException {
        LoadMain main = new LoadMain(
                Options.parse(args, List.of("scenarios", "brokers", "rounds", "seconds", "processor", "jvm")));
        for (String id : main.list("scenarios", "a,b,c")) {
            main.run(id);
        }
    }

    private void run(String id) throws IOException {
        switch (id) {
            case "f" -> IdleMeasurement.run(kinds, processor(), jvmArguments());
            case "h" -> StartMeasurement.run(kinds, processor(), jvmArguments(), number("rounds", 5));
            default -> compare(Scenario.of(id));
        }
    }

    private void compare(Scenario scenario) throws IOException {
        List<Contender> contenders = new ArrayList<>();
        try {
            for (BrokerKind kind : kinds) {
                if (kind != BrokerKind.RELAY || scenario.qos() == 0) {
                    contenders.add(new Contender(kind, scenario, processor(), jvmArguments()));
                }
            }
            for (Contender each : contenders) {
                System.err.printf("%s %s: warm after %d rounds%n", scenario.id(), each.kind(), each.warmUp());
            }
            for (int round = 0; round < number("rounds", 5); round++) {
                for (Contender each : contenders) {
                    Measurement m = each.round(Duration.ofSeconds(number("seconds", 3)));
                    System.err.printf("%s %s: %.3f us%n", scenario.id(), each.kind(), m.microsPerMessage());
                }
            }
            Report.print(scenario, contenders);
        } finally {
            for (Contender each : contenders) {
                each.close();
            }
        }
    }

    private List<String> jvmArguments() {
        String value = options.getOrDefault("jvm", "");
        return value.isEmpty() ? List.of() : List.of(value.split(" ", -1));
    }

    private int processor() {
        return number("processor", 0);
    }

    private int number(String name, int otherwise) {
        return Integer.parseInt(options.getOrDefault(name, "" + otherwise));
    }

    private List<String> list(String name, String otherwise) {
        String value = options.getOrDefault(name, otherwise);
        return value.isEmpty() ? List.of() : List.of(value.split(",", -1));
    }
}
