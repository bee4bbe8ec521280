package io.mqttparty.benchmarks.redis;

import io.mqttparty.benchmarks.load.PersistentClients;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** What connections with persistent sessions cost Redis: when they come, when they come again, and while they are idle. */
final class Connections {
    private static final long QUIET_MILLIS = 200;

    private final Stage stage;
    private final int count;

    Connections(Stage stage, int count) {
        this.stage = stage;
        this.count = count;
    }

    /** One round with clients that the broker has not seen, which then come again and stay idle. */
    Costs measure(int round, Duration idle) throws IOException, InterruptedException {
        String prefix = "idle-" + round + "-";
        RedisUse without = during(idle);
        RedisUse start = stage.redisUse();
        PersistentClients fresh = new PersistentClients(stage.broker(), prefix, count);
        RedisUse attached = stage.redisUse();
        fresh.close();
        stage.awaitNoConnections();
        awaitDetached();
        RedisUse again = stage.redisUse();
        PersistentClients resumed = new PersistentClients(stage.broker(), prefix, count);
        RedisUse back = stage.redisUse();
        long naming;
        RedisUse with;
        try (Watch watch = new Watch(stage.redisPort())) {
            with = during(idle);
            naming = watch.naming(stage.observer(), prefix);
        }
        resumed.close();
        stage.awaitNoConnections();
        awaitDetached();
        return new Costs(count, attached.minus(start), back.minus(again), without.commands(), with.commands(), naming);
    }

    private RedisUse during(Duration time) throws InterruptedException {
        RedisUse before = stage.redisUse();
        Thread.sleep(time.toMillis());
        return stage.redisUse().minus(before);
    }

    /** The sessions are written as offline after the connections are gone. */
    private void awaitDetached() throws InterruptedException {
        long scripts = -1;
        for (long now = scripts(); now != scripts; now = scripts()) {
            scripts = now;
            Thread.sleep(QUIET_MILLIS);
        }
    }

    private long scripts() {
        return stage.redisUse().commands().getOrDefault("evalsha", 0L);
    }

    /**
     * What one round gave.
     *
     * @param count of connections
     * @param attach spent while clients came that are new
     * @param resume spent while the same came again
     * @param without connections, the commands of the node in the idle time
     * @param with connections, the same
     * @param naming commands in the idle time that name one of the clients
     */
    record Costs(
            int count,
            RedisUse attach,
            RedisUse resume,
            Map<String, Long> without,
            Map<String, Long> with,
            long naming) {
        Costs {
            without = Map.copyOf(without);
            with = Map.copyOf(with);
        }

        double attachMicros() {
            return attach.cpuMicros() / count;
        }

        double resumeMicros() {
            return resume.cpuMicros() / count;
        }

        double attachScriptMicros() {
            return (double) attach.scriptMicros() / count;
        }

        double resumeScriptMicros() {
            return (double) resume.scriptMicros() / count;
        }

        /** How many more commands there were with connections; what the node does by the clock falls into one time or the other. */
        long difference() {
            return calls(with) - calls(without);
        }

        static long calls(Map<String, Long> commands) {
            return commands.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
