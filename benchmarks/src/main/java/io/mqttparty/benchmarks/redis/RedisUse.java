package io.mqttparty.benchmarks.redis;

import io.mqttparty.redis.fixture.RespClient;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What Redis has spent, or spent between two looks.
 *
 * @param cpuMicros user and system time
 * @param scriptMicros of it in scripts: without reading and writing sockets
 * @param commands how often each was called, by its name in lower case; without the looking itself
 * @param bytesIn that came from clients
 * @param bytesOut that went to clients
 */
record RedisUse(double cpuMicros, long scriptMicros, Map<String, Long> commands, long bytesIn, long bytesOut) {
    /** What this and {@link Watch} send. */
    private static final Set<String> LOOKING = Set.of("info", "monitor", "echo");

    RedisUse {
        commands = Map.copyOf(commands);
    }

    static RedisUse of(RespClient redis) {
        Map<String, Long> commands = redis.commandCalls();
        commands.keySet().removeAll(LOOKING);
        Map<String, String> stats = redis.info("stats");
        Map<String, String> cpu = redis.info("cpu");
        return new RedisUse(
                (Double.parseDouble(cpu.get("used_cpu_user")) + Double.parseDouble(cpu.get("used_cpu_sys"))) * 1e6,
                redis.commandMicros("evalsha"),
                commands,
                Long.parseLong(stats.get("total_net_input_bytes")),
                Long.parseLong(stats.get("total_net_output_bytes")));
    }

    RedisUse minus(RedisUse earlier) {
        Map<String, Long> more = new TreeMap<>();
        commands.forEach((name, calls) -> {
            long added = calls - earlier.commands.getOrDefault(name, 0L);
            if (added != 0) {
                more.put(name, added);
            }
        });
        return new RedisUse(
                cpuMicros - earlier.cpuMicros,
                scriptMicros - earlier.scriptMicros,
                more,
                bytesIn - earlier.bytesIn,
                bytesOut - earlier.bytesOut);
    }

    /** All commands together, those that scripts call included. */
    long calls() {
        return commands.values().stream().mapToLong(Long::longValue).sum();
    }
}
