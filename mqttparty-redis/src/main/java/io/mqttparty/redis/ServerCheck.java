package io.mqttparty.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.Reply;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks the server how it is set. What would lose messages or cannot work is refused, what costs memory is set if the server lets us, and what
 * the operator should know is logged once, in words.
 */
final class ServerCheck {
    private static final System.Logger LOG = System.getLogger("io.mqttparty.redis");

    private static final int OLDEST_MAJOR = 7;

    private final Lane lane;
    private final Durability durability;

    /** Of the server behind this lane. */
    ServerCheck(Lane lane, Durability durability) {
        this.lane = lane;
        this.durability = durability;
    }

    /** Completes if the server will do; fails with what is wrong. */
    CompletionStage<Void> run() {
        return info().thenCompose(info -> {
            refuse(info);
            warn(info);
            return checkSettings(info);
        });
    }

    private CompletionStage<Void> checkSettings(Map<String, String> info) {
        return config("maxmemory-policy")
                .thenCompose(policy -> {
                    if (!policy.isEmpty() && !policy.equals("noeviction")) {
                        throw new MqttPartyException("redis: maxmemory-policy " + policy
                                + " (expected: noeviction, since any other deletes sessions when memory is short)");
                    }
                    return config("appendonly");
                })
                .thenCompose(appendonly -> {
                    if (durability == Durability.AOF && appendonly.equals("no")) {
                        LOG.log(
                                Level.WARNING,
                                "redis: appendonly is no: what was acknowledged is lost when Redis restarts");
                    }
                    return setNodeBytes(info);
                })
                .thenCompose(done -> set("hash-max-listpack-value", "512"));
    }

    /**
     * A smaller node saves memory. It also makes more entries larger than a node; with the allocator of the C library Redis may lose track of the memory
     * of such an entry, read what is there by then, and die (valkey-io/valkey#4705). With jemalloc it cannot: see docs/adr/0016.
     */
    private CompletionStage<Void> setNodeBytes(Map<String, String> info) {
        String allocator = info.getOrDefault("mem_allocator", "unknown");
        if (allocator.startsWith("jemalloc")) {
            return set("stream-node-max-bytes", "1024");
        }
        LOG.log(
                Level.WARNING,
                "redis: mem_allocator is " + allocator
                        + " (expected: jemalloc, since with others Redis may corrupt streams"
                        + " of large messages); stream-node-max-bytes is left as it is, queues take more memory");
        return CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Map<String, String>> info() {
        return Lanes.call(lane, CommandType.INFO, reply -> {
            Map<String, String> all = new HashMap<>();
            for (String line : Reply.text(reply).split("\r?\n", -1)) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    all.put(line.substring(0, colon), line.substring(colon + 1));
                }
            }
            return all;
        });
    }

    /** Fails if a server that says this of itself will not do. */
    static void refuse(Map<String, String> info) {
        if ("1".equals(info.get("cluster_enabled"))) {
            throw new MqttPartyException(
                    "redis: cluster mode (expected: standalone or Sentinel; Redis Cluster is not supported yet)");
        }
        if (!info.containsKey("valkey_version")) { // all of its versions are new enough
            String version = info.getOrDefault("redis_version", "0");
            if (major(version) < OLDEST_MAJOR) {
                throw new MqttPartyException("redis: version " + version + " (expected: 7.0 or newer)");
            }
        }
        if ("slave".equals(info.get("role"))) {
            throw new MqttPartyException("redis: is a replica (expected: the primary, or the address of Sentinels)");
        }
    }

    private static int major(String version) {
        int dot = version.indexOf('.');
        try {
            return Integer.parseInt(dot < 0 ? version : version.substring(0, dot));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void warn(Map<String, String> info) {
        boolean hasReplicas = !"0".equals(info.getOrDefault("connected_slaves", "0"));
        if (durability == Durability.REPLICA && !hasReplicas) {
            LOG.log(Level.WARNING, "redis: no replica is connected: nothing is acknowledged until one is");
        }
        if (hasReplicas && durability != Durability.MEMORY && !info.containsKey("min_slaves_good_slaves")) {
            LOG.log(
                    Level.WARNING,
                    "redis: min-replicas-to-write is 0: a primary that is cut off goes on acknowledging what the next one will not have");
        }
    }

    /** The setting, or nothing if the server does not tell. */
    private CompletionStage<String> config(String name) {
        return Lanes.call(
                        lane,
                        CommandType.CONFIG,
                        reply -> {
                            List<Object> pair = new ArrayList<>();
                            Reply.list(reply).forEach(pair::add);
                            return pair.size() < 2 ? "" : Reply.text(pair.get(1));
                        },
                        bytes("GET"),
                        bytes(name))
                .exceptionally(failure -> {
                    LOG.log(Level.WARNING, "redis: does not tell " + name + ": " + failure.getMessage());
                    return "";
                });
    }

    private CompletionStage<Void> set(String name, String value) {
        return Lanes.<Void>call(lane, CommandType.CONFIG, reply -> null, bytes("SET"), bytes(name), bytes(value))
                .exceptionally(failure -> {
                    LOG.log(
                            Level.WARNING,
                            "redis: " + name + " cannot be set to " + value + ", queues and sessions take more memory: "
                                    + failure.getMessage());
                    return null;
                });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
