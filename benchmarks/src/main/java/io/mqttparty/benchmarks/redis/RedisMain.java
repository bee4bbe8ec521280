package io.mqttparty.benchmarks.redis;

import io.mqttparty.benchmarks.load.Options;
import io.mqttparty.benchmarks.load.Processors;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures the Redis backend and prints Markdown: {@code RedisMain [name=value …]}.
 *
 * <pre>
 * payloads=64,200       bytes; a run for each, none if empty
 * pairs=50              publishers, each with one subscriber
 * rounds=5              that count; calibration and load take turns
 * seconds=3             of each load in a round
 * warmup=15             seconds of load before the first round
 * calibrations=10       how often all queues are filled and emptied for one calibration
 * connections=1000      idle ones; 0 leaves them out
 * idle=5                seconds that they are watched
 * processors=0,1        of broker and generator, and of Redis; any for no choice
 * jvm="-Dx=y -Dz"       further arguments for the JVM of the broker
 * </pre>
 */
public final class RedisMain {
    private static final List<String> NAMES = List.of(
            "payloads",
            "pairs",
            "rounds",
            "seconds",
            "warmup",
            "calibrations",
            "connections",
            "idle",
            "processors",
            "jvm");

    private final Map<String, String> options;
    private final Processors processors;
    private final Result result = new Result();

    private RedisMain(Map<String, String> options) throws IOException {
        this.options = options;
        this.processors = Processors.parse(options.getOrDefault("processors", "0,1"));
    }

    /** Measures and prints. */
    public static void main(String[] args) throws IOException, InterruptedException {
        run(args).print(System.out);
    }

    static Result run(String... args) throws IOException, InterruptedException {
        RedisMain main = new RedisMain(Options.parse(args, NAMES));
        main.processors.pinThis();
        String payloads = main.options.getOrDefault("payloads", "64,200");
        for (String payload : payloads.isEmpty() ? new String[0] : payloads.split(",", -1)) {
            main.load(Integer.parseInt(payload));
        }
        if (main.number("connections", 1_000) > 0) {
            main.connections();
        }
        return main.result;
    }

    private void load(int payloadBytes) throws IOException {
        try (Stage stage = Stage.start(processors, jvmArguments());
                PersistedLoad load = new PersistedLoad(stage, number("pairs", 50), payloadBytes)) {
            load.warmUp(seconds("warmup", 15));
            List<Round> rounds = new ArrayList<>();
            for (int i = 0; i < number("rounds", 5); i++) {
                Round round = load.round(seconds("seconds", 3), number("calibrations", 10));
                System.err.printf(
                        "%d B: %.2f us of Redis, three commands alone %.2f us, Redis busy %.0f %%%n",
                        payloadBytes, round.redisMicros(), round.alone().sum(), 100 * round.redisBusy());
                rounds.add(round);
            }
            result.add(new Result.Load(payloadBytes, rounds, load.lost(), load.repeated()));
        }
    }

    private void connections() throws IOException, InterruptedException {
        try (Stage stage = Stage.start(processors, jvmArguments())) {
            Connections connections = new Connections(stage, number("connections", 1_000));
            connections.measure(-1, Duration.ZERO); // warm-up
            for (int i = 0; i < number("rounds", 5); i++) {
                result.add(connections.measure(i, seconds("idle", 5)));
            }
        }
    }

    private List<String> jvmArguments() {
        String value = options.getOrDefault("jvm", "");
        return value.isEmpty() ? List.of() : List.of(value.split(" ", -1));
    }

    private int number(String name, int otherwise) {
        return Integer.parseInt(options.getOrDefault(name, "" + otherwise));
    }

    private Duration seconds(String name, int otherwise) {
        return Duration.ofSeconds(number(name, otherwise));
    }
}
