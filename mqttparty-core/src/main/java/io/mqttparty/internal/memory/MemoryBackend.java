package io.mqttparty.internal.memory;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mqttparty.model.Limits;
import io.mqttparty.spi.Backend;
import io.mqttparty.spi.Cluster;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.RetainedStore;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.SessionStore;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;

/** Everything in the memory of this process: for one broker, or for several brokers of one JVM that share it and so are a cluster. */
public final class MemoryBackend implements Backend {
    private final SessionStore sessions;
    private final RetainedStore retained;
    private final Cluster cluster;
    private final Outbox outbox;

    /** A backend with the default limits and the system's clock. */
    public MemoryBackend() {
        this(Config.DEFAULT);
    }

    /** A backend of its own. */
    public MemoryBackend(Config config) {
        Members members = new Members();
        SessionTable table = new SessionTable(config.sessions());
        RetainedMap messages = new RetainedMap(config.retainedMessages(), config.retainedBytes());
        MemoryRouteLog routes = new MemoryRouteLog(members);
        Ownership ownership = new Ownership(table, routes, members, config.clock());
        Appender appender = new Appender(table, members, config);
        this.sessions = new MemorySessions(table, ownership, appender, routes, messages, config);
        this.retained = new MemoryRetained(messages, table);
        this.cluster = new MemoryCluster(routes, new MemoryBus(members, routes, ownership), new MemoryPresence(table));
        this.outbox = new MemoryOutbox(config);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public CompletionStage<Void> start() {
        return completedFuture(null);
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public RetainedStore retained() {
        return retained;
    }

    @Override
    public Cluster cluster() {
        return cluster;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    private record MemoryCluster(RouteLog routes, ClusterBus bus, Presence presence) implements Cluster {}

    /**
     * The clock and the limits. Beyond the limits of a queue its oldest messages make room; beyond the others the new session, the new
     * retained message or the new entry of the outbox is refused.
     *
     * @param clock for epochs, expiry and presence
     * @param queueMessages the most messages in the queue of one session
     * @param queueBytes the most bytes of topics and payloads in the queue of one session; the newest message always stays
     * @param sessions the most clients with a session
     * @param retainedMessages the most retained messages
     * @param retainedBytes the most bytes of topics and payloads of retained messages
     * @param outboxMessages the most messages in the outbox
     * @param outboxBytes the most bytes in the outbox; its dead letters may have as many again
     * @param deadLetters the most dead letters, the oldest of which make room
     */
    public record Config(
            InstantSource clock,
            int queueMessages,
            long queueBytes,
            long sessions,
            long retainedMessages,
            long retainedBytes,
            long outboxMessages,
            long outboxBytes,
            long deadLetters) {
        /** The queues and the outbox of {@link Limits#DEFAULTS}, 1,000,000 sessions, 1,000,000 retained messages of 256 MiB. */
        public static final Config DEFAULT = new Config(
                InstantSource.system(),
                Limits.DEFAULTS.queueMessages(),
                Limits.DEFAULTS.queueBytes(),
                1_000_000,
                1_000_000,
                256 << 20,
                Limits.DEFAULTS.outboxMessages(),
                Limits.DEFAULTS.outboxBytes(),
                Limits.DEFAULTS.deadLetters());

        /** Checks the limits. */
        public Config {
            atLeastOne("queueMessages", queueMessages);
            atLeastOne("queueBytes", queueBytes);
            atLeastOne("sessions", sessions);
            atLeastOne("retainedMessages", retainedMessages);
            atLeastOne("retainedBytes", retainedBytes);
            atLeastOne("outboxMessages", outboxMessages);
            atLeastOne("outboxBytes", outboxBytes);
            atLeastOne("deadLetters", deadLetters);
            if (queueMessages > MessageQueue.MAX_SPAN) {
                throw new IllegalArgumentException(
                        "queueMessages: " + queueMessages + " (expected: at most " + MessageQueue.MAX_SPAN + ")");
            }
        }

        private static void atLeastOne(String name, long value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
            }
        }

        /** The same with another clock. */
        public Config withClock(InstantSource other) {
            return new Config(
                    other,
                    queueMessages,
                    queueBytes,
                    sessions,
                    retainedMessages,
                    retainedBytes,
                    outboxMessages,
                    outboxBytes,
                    deadLetters);
        }

        /** The same with other limits of a queue. */
        public Config withQueue(int messages, long bytes) {
            return new Config(
                    clock,
                    messages,
                    bytes,
                    sessions,
                    retainedMessages,
                    retainedBytes,
                    outboxMessages,
                    outboxBytes,
                    deadLetters);
        }

        /** The same with another number of sessions. */
        public Config withSessions(long most) {
            return new Config(
                    clock,
                    queueMessages,
                    queueBytes,
                    most,
                    retainedMessages,
                    retainedBytes,
                    outboxMessages,
                    outboxBytes,
                    deadLetters);
        }

        /** The same with other limits of retained messages. */
        public Config withRetained(long messages, long bytes) {
            return new Config(
                    clock,
                    queueMessages,
                    queueBytes,
                    sessions,
                    messages,
                    bytes,
                    outboxMessages,
                    outboxBytes,
                    deadLetters);
        }

        /** The same with other limits of the outbox. */
        public Config withOutbox(long messages, long bytes, long dead) {
            return new Config(
                    clock, queueMessages, queueBytes, sessions, retainedMessages, retainedBytes, messages, bytes, dead);
        }

        /** The same with the limits of the queues and of the outbox that a broker has. */
        public Config withLimits(Limits limits) {
            return withQueue(limits.queueMessages(), limits.queueBytes())
                    .withOutbox(limits.outboxMessages(), limits.outboxBytes(), limits.deadLetters());
        }
    }
}
