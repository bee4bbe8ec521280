package io.mqttparty.benchmarks.faults;

import io.mqttparty.redis.Durability;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.Sentinels;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Two nodes on a primary with a replica under Sentinel; the primary is killed under load. */
final class SentinelFailover {
    private static final Duration BEFORE = Duration.ofSeconds(3);
    private static final Duration SETTLE = Duration.ofSeconds(90);

    private SentinelFailover() {}

    static Verdict run(Durability durability, int messagesPerSecond) throws InterruptedException {
        try (Sentinels sentinels = Sentinels.start();
                LocalNode a = LocalNode.start("a", sentinels.uri(), durability);
                LocalNode b = LocalNode.start("b", sentinels.uri(), durability)) {
            AtomicInteger next = new AtomicInteger();
            try (Load load =
                    Load.start("failover", () -> (next.getAndIncrement() % 2 == 0 ? a : b).port(), messagesPerSecond)) {
                TimeUnit.NANOSECONDS.sleep(BEFORE.toNanos());
                promote(sentinels);
                TimeUnit.NANOSECONDS.sleep(BEFORE.toNanos());
                boolean settled = load.settle(SETTLE);
                return Verdict.of(load, settled, List.of());
            }
        }
    }

    /** {@code kill -9} of the primary; when it comes back it is the replica. */
    private static void promote(Sentinels sentinels) {
        RedisServer primary = sentinels.primary();
        RedisServer replica = sentinels.replica();
        primary.kill();
        sentinels.awaitPrimary(replica);
        primary.restart();
        sentinels.awaitReplica();
    }
}
