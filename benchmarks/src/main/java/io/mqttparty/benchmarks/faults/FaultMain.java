package io.mqttparty.benchmarks.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs the faults for minutes: {@code FaultMain [--minutes N] [--seed N] [kind…]}, all kinds if none is named. Ends with 1 if a message that was
 * acknowledged did not arrive, or one came twice at QoS 2.
 */
public final class FaultMain {
    private FaultMain() {}

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        long minutes = 5;
        long seed = System.nanoTime();
        List<FaultRun.Kind> kinds = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--minutes" -> minutes = Long.parseLong(args[++i]);
                case "--seed" -> seed = Long.parseLong(args[++i]);
                default ->
                    kinds.add(FaultRun.Kind.valueOf(args[i].replace('-', '_').toUpperCase(Locale.ROOT)));
            }
        }
        boolean good = true;
        for (FaultRun.Kind kind : kinds.isEmpty() ? List.of(FaultRun.Kind.values()) : kinds) {
            System.out.println(kind + ", " + minutes + " minutes, seed " + seed);
            try (FaultRun run = new FaultRun(seed)) {
                Verdict verdict = run.run(kind, Duration.ofMinutes(minutes));
                System.out.println(verdict);
                good &= verdict.isComplete() && verdict.repeatedQos2().isEmpty();
            }
        }
        System.exit(good ? 0 : 1);
    }
}
