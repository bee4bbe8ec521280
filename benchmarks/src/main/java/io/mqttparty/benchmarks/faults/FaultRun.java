package io.mqttparty.benchmarks.faults;

import io.mqttparty.redis.fixture.Fsync;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import io.mqttparty.redis.fixture.RespReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Three nodes on one Redis under load, and one kind of fault again and again. */
final class FaultRun implements AutoCloseable {
    private static final int NODES = 3;
    private static final int MESSAGES_PER_SECOND = 400;
    private static final Duration SETTLE = Duration.ofSeconds(60);
    /** Longer than a lease and the detaches behind it. */
    private static final Duration OWNERS = Duration.ofSeconds(20);

    private final Random random;
    private final RedisServer redis;
    private final List<Node> nodes = new ArrayList<>();
    private int runs;

    /** Starts Redis and the nodes. */
    FaultRun(long seed) {
        this.random = new Random(seed);
        this.redis = RedisServer.builder().appendOnly(Fsync.EVERYSEC).start();
        try {
            for (int i = 1; i <= NODES; i++) {
                nodes.add(Node.start("n" + i, redis.uri()));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** A kind of fault, with how long everything may recover before the next one. */
    enum Kind {
        /** {@code kill -9} of one node, which is started again. */
        KILL(Duration.ofSeconds(10)),
        /** SIGSTOP of one node for 15 seconds. */
        PAUSE(Duration.ofSeconds(10)),
        /** SIGTERM of one node, which is started again. */
        RESTART(Duration.ofSeconds(5)),
        /** {@code kill -9} of Redis, which comes back after 5 seconds with its append-only file. */
        REDIS_KILL(Duration.ofSeconds(10)),
        /** Redis answers nobody for 3 seconds. */
        REDIS_PAUSE(Duration.ofSeconds(10)),
        /** Redis has no memory left for 3 seconds. */
        REDIS_FULL(Duration.ofSeconds(10));

        private final Duration recovery;

        Kind(Duration recovery) {
            this.recovery = recovery;
        }
    }

    /** Lets faults happen for a time, at least one, and says what became of the messages. */
    Verdict run(Kind kind, Duration time) throws InterruptedException {
        try (Load load = Load.start("run" + ++runs, this::anyPort, MESSAGES_PER_SECOND)) {
            long end = System.nanoTime() + time.toNanos();
            do {
                Duration recovery = kind.recovery;
                long left = end - System.nanoTime();
                TimeUnit.NANOSECONDS.sleep(
                        Math.max(TimeUnit.SECONDS.toNanos(2), Math.min(recovery.toNanos(), left / 2)));
                strike(kind, load);
            } while (System.nanoTime() < end);
            boolean settled = load.settle(SETTLE);
            List<String> clients = load.clients();
            Load.await(OWNERS, () -> astray(clients).isEmpty());
            return Verdict.of(load, settled, astray(clients));
        }
    }

    /** Those of these clients, all connected, that are not in the set of exactly one member, the one that their session names. */
    private List<String> astray(List<String> clients) {
        try (RespClient control = redis.client()) {
            List<String> members = control.send("ZRANGE", "mp:nodes", "0", "-1").texts();
            return clients.stream()
                    .filter(client -> {
                        RespReply owner = control.send("HGET", "mp:{" + client + "}:s", "n");
                        List<String> holders = members.stream()
                                .filter(node -> control.send("SISMEMBER", "mp:n:{" + node + "}:c", client)
                                                .number()
                                        == 1)
                                .toList();
                        return owner.isNil() || !holders.equals(List.of(owner.text()));
                    })
                    .toList();
        }
    }

    private void strike(Kind kind, Load load) throws InterruptedException {
        Node victim =
                nodeOf(load.publishers().get(random.nextInt(load.publishers().size())));
        switch (kind) {
            case KILL -> {
                victim.kill();
                victim.restart();
            }
            case RESTART -> {
                int exitCode = victim.terminate();
                if (exitCode != 0) {
                    throw new IllegalStateException("node " + victim.name() + " ended with " + exitCode);
                }
                victim.restart();
            }
            case PAUSE -> {
                victim.pause();
                TimeUnit.SECONDS.sleep(15);
                victim.resume();
            }
            case REDIS_KILL -> {
                redis.kill();
                TimeUnit.SECONDS.sleep(5);
                redis.restart();
            }
            case REDIS_PAUSE -> command("CLIENT", "PAUSE", "3000", "ALL");
            case REDIS_FULL -> {
                command("CONFIG", "SET", "maxmemory", "1");
                TimeUnit.SECONDS.sleep(3);
                command("CONFIG", "SET", "maxmemory", "0");
            }
        }
    }

    private void command(String... words) {
        try (RespClient client = redis.client()) {
            client.send(words);
        }
    }

    /** The port of a node, alive or not: a client finds out. */
    private int anyPort() {
        return anyNode().port();
    }

    /** The node that a publisher uses now, so that a fault hits somebody. */
    private Node nodeOf(LedgerPublisher publisher) {
        return nodes.stream()
                .filter(node -> node.port() == publisher.port())
                .findFirst()
                .orElseGet(this::anyNode);
    }

    private Node anyNode() {
        synchronized (random) {
            return nodes.get(random.nextInt(nodes.size()));
        }
    }

    List<Node> nodes() {
        return nodes;
    }

    RedisServer redis() {
        return redis;
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        redis.close();
    }
}
