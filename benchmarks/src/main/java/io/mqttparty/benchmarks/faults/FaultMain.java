package io.mqttparty.benchmarks.faults;

import io.mqttparty.redis.Durability;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs the faults for minutes: {@code FaultMain [--minutes N] [--seed N] [name…]}, all of them if none is named. Names are those of
 * {@link FaultRun.Kind} in lower case with hyphens, and {@code races}, {@code node-death}, {@code reconnect-storm}, {@code failover}, {@code failover-replica}. Ends with 1
 * if anything went wrong: a message that was acknowledged did not arrive, or one came twice at QoS 2.
 */
public final class FaultMain {
    private static final String RACES = "races";
    private static final String NODE_DEATH = "node-death";
    private static final String RECONNECT_STORM = "reconnect-storm";
    private static final String FAILOVER = "failover";
    private static final String FAILOVER_REPLICA = "failover-replica";
    private static final int ROUNDS = 1_000;
    private static final int WILLS = 1_000;
    private static final int STORM = 5_000;
    private static final int MESSAGES_PER_SECOND = 200;

    private final Duration time;
    private final long seed;
    private boolean good = true;

    private FaultMain(Duration time, long seed) {
        this.time = time;
        this.seed = seed;
    }

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        long minutes = 5;
        long seed = System.nanoTime();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--minutes" -> minutes = Long.parseLong(args[++i]);
                case "--seed" -> seed = Long.parseLong(args[++i]);
                default -> names.add(args[i]);
            }
        }
        FaultMain main = new FaultMain(Duration.ofMinutes(minutes), seed);
        for (String name : names.isEmpty() ? allNames() : names) {
            System.out.println(name + ", " + minutes + " minutes, seed " + seed);
            main.run(name);
        }
        System.exit(main.good ? 0 : 1);
    }

    private static List<String> allNames() {
        List<String> names = new ArrayList<>(Arrays.stream(FaultRun.Kind.values())
                .map(kind -> kind.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList());
        names.addAll(List.of(RACES, NODE_DEATH, RECONNECT_STORM, FAILOVER, FAILOVER_REPLICA));
        return names;
    }

    private void run(String name) throws IOException, InterruptedException {
        switch (name) {
            case RACES -> repeat(FaultMain::races);
            case NODE_DEATH -> repeat(FaultMain::nodeDeath);
            case RECONNECT_STORM -> repeat(FaultMain::reconnectStorm);
            case FAILOVER -> repeat(() -> failover(Durability.AOF));
            case FAILOVER_REPLICA -> repeat(() -> failover(Durability.REPLICA));
            default -> {
                try (FaultRun run = new FaultRun(seed)) {
                    Verdict verdict = run.run(
                            FaultRun.Kind.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')), time);
                    System.out.println(verdict);
                    good &= verdict.isGood();
                }
            }
        }
    }

    private interface Round {
        boolean isGood() throws IOException, InterruptedException;
    }

    private void repeat(Round round) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        do {
            good &= round.isGood();
        } while (System.nanoTime() < end);
    }

    private static boolean races() throws IOException, InterruptedException {
        try (Races races = new Races()) {
            int missed = races.subscribeThenPublish(ROUNDS);
            int moved = races.disconnectThenConnect(ROUNDS);
            int lost = races.pingPong(ROUNDS);
            System.out.println("of " + ROUNDS + " each: missed after SUBACK " + missed
                    + ", wills or lost sessions after DISCONNECT " + moved + ", lost in takeovers " + lost);
            return missed + moved + lost == 0;
        }
    }

    private static boolean nodeDeath() throws IOException {
        Map<String, Integer> came = NodeDeath.wills(WILLS);
        long twice = came.values().stream().filter(times -> times > 1).count();
        System.out.println("wills: " + came.size() + " of " + WILLS + ", more than once " + twice);
        return came.size() == WILLS && twice == 0;
    }

    private static boolean reconnectStorm() throws IOException, InterruptedException {
        ReconnectStorm.Result result = ReconnectStorm.run(STORM);
        System.out.println("of " + STORM + ": " + result);
        return result.withSession() == STORM && result.served() == STORM;
    }

    /** Without waiting for a replica some may be lost: the figure is what counts. */
    private static boolean failover(Durability durability) throws InterruptedException {
        Verdict verdict = SentinelFailover.run(durability, MESSAGES_PER_SECOND);
        System.out.println(durability + ": " + verdict);
        return durability == Durability.REPLICA ? verdict.isGood() : verdict.settled();
    }
}
