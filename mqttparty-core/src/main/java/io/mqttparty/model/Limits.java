package io.mqttparty.model;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How much a broker takes from its peers and keeps for them. Everything that a peer can fill is named here. Start from {@link #DEFAULTS} and
 * change what is needed with the {@code with} methods.
 *
 * @param packetBytes the largest packet; a larger one closes the connection
 * @param connectPacketBytes the largest packet before a connection is accepted
 * @param connectTimeout how long a connection may take until its CONNECT is there
 * @param topicBytes the longest topic name or filter in UTF-8; a longer one closes the connection
 * @param topicSeparators the most {@code /} in a topic name or filter; more close the connection
 * @param clientIdBytes the longest client id in UTF-8; a longer one is refused with CONNACK 2
 * @param receiveMaximum open deliveries at QoS 1 and 2 to one client
 * @param inboundQos2 open QoS 2 exchanges of one client; the next one closes the connection
 * @param pendingPublishes messages of one connection that are not safe yet; at this number reading pauses
 * @param keepAlive the longest keep alive, at most a year; a client that asks for more, or for none, is closed after one and a half times this
 * @param connections of one broker; further ones are closed at once. As many ends of connections wait for a store that is down
 * @param unauthenticatedConnections of these not accepted yet; beyond it the oldest is closed
 * @param queueMessages waiting for one session
 * @param queueBytes waiting for one session
 * @param qos0BacklogBytes waiting for one connection's socket at QoS 0; more is dropped
 * @param subscriptions of one client; more are answered with 0x80
 * @param writeTimeout how long the socket of a connection may take nothing without a break; then it is closed
 * @param sessionExpiry how long a persistent session outlives its connection
 * @param totalBytes waiting in memory for all connections together; beyond it no publisher is read, and after a second the connections for
 *     which most is waiting are closed
 * @param outboxMessages waiting in the outbox for an upstream, an equal part in each of its shards; beyond it nothing is acknowledged
 * @param outboxBytes waiting in the outbox, an equal part in each of its shards; the dead letters may have as many again
 * @param deadLetters messages of the outbox that were given up; the oldest are dropped
 */
public record Limits(
        int packetBytes,
        int connectPacketBytes,
        Duration connectTimeout,
        int topicBytes,
        int topicSeparators,
        int clientIdBytes,
        int receiveMaximum,
        int inboundQos2,
        int pendingPublishes,
        Duration keepAlive,
        int connections,
        int unauthenticatedConnections,
        int queueMessages,
        long queueBytes,
        long qos0BacklogBytes,
        int subscriptions,
        Duration writeTimeout,
        Duration sessionExpiry,
        long totalBytes,
        long outboxMessages,
        long outboxBytes,
        long deadLetters) {
    /** What holds unless something else is said. */
    public static final Limits DEFAULTS = new Limits(
            256 * 1024,
            8 * 1024,
            Duration.ofSeconds(10),
            4 * 1024,
            200,
            256,
            32,
            65_535,
            1_024,
            Duration.ofSeconds(65_535),
            100_000,
            20_000,
            10_000,
            16L * 1024 * 1024,
            1024L * 1024,
            1_000,
            Duration.ofSeconds(15),
            Duration.ofDays(7),
            Math.max(64L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 4),
            160_000,
            256L * 1024 * 1024,
            16_000);

    private static final long LONGEST_KEEP_ALIVE_SECONDS = 31_536_000; // a year

    /** Checks each limit. */
    public Limits {
        range("packetBytes", packetBytes, 16, 268_435_460);
        range("connectPacketBytes", connectPacketBytes, 16, packetBytes);
        positive("connectTimeout", connectTimeout);
        range("topicBytes", topicBytes, 1, 65_535);
        range("topicSeparators", topicSeparators, 0, 65_535);
        range("clientIdBytes", clientIdBytes, 23, 65_535); // [MQTT-3.1.3-5]
        range("receiveMaximum", receiveMaximum, 1, 65_535);
        range("inboundQos2", inboundQos2, 1, 65_535);
        range("pendingPublishes", pendingPublishes, 1, 1_000_000);
        positive("keepAlive", keepAlive);
        range("keepAlive", keepAlive.toSeconds(), 0, LONGEST_KEEP_ALIVE_SECONDS);
        range("connections", connections, 1, Integer.MAX_VALUE);
        range("unauthenticatedConnections", unauthenticatedConnections, 1, connections);
        range("queueMessages", queueMessages, 1, 100_000);
        range("queueBytes", queueBytes, 1, Long.MAX_VALUE);
        range("qos0BacklogBytes", qos0BacklogBytes, 0, Long.MAX_VALUE);
        range("subscriptions", subscriptions, 0, Integer.MAX_VALUE);
        positive("writeTimeout", writeTimeout);
        positive("sessionExpiry", sessionExpiry);
        range("totalBytes", totalBytes, 1, Long.MAX_VALUE);
        range("outboxMessages", outboxMessages, 1, Long.MAX_VALUE);
        range("outboxBytes", outboxBytes, 1, Long.MAX_VALUE);
        range("deadLetters", deadLetters, 1, Long.MAX_VALUE);
    }

    private static void range(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: longer than nothing)");
        }
    }

    /** The same limits with another {@link #packetBytes()}, which also bounds {@link #connectPacketBytes()}. */
    public Limits withPacketBytes(int value) {
        return change(next -> {
            next.packetBytes = value;
            next.connectPacketBytes = Math.min(value, connectPacketBytes);
        });
    }

    /** The same limits with another {@link #connectPacketBytes()}. */
    public Limits withConnectPacketBytes(int value) {
        return change(next -> next.connectPacketBytes = value);
    }

    /** The same limits with another {@link #connectTimeout()}. */
    public Limits withConnectTimeout(Duration value) {
        return change(next -> next.connectTimeout = value);
    }

    /** The same limits with another {@link #topicBytes()}. */
    public Limits withTopicBytes(int value) {
        return change(next -> next.topicBytes = value);
    }

    /** The same limits with another {@link #topicSeparators()}. */
    public Limits withTopicSeparators(int value) {
        return change(next -> next.topicSeparators = value);
    }

    /** The same limits with another {@link #clientIdBytes()}. */
    public Limits withClientIdBytes(int value) {
        return change(next -> next.clientIdBytes = value);
    }

    /** The same limits with another {@link #receiveMaximum()}. */
    public Limits withReceiveMaximum(int value) {
        return change(next -> next.receiveMaximum = value);
    }

    /** The same limits with another {@link #inboundQos2()}. */
    public Limits withInboundQos2(int value) {
        return change(next -> next.inboundQos2 = value);
    }

    /** The same limits with another {@link #pendingPublishes()}. */
    public Limits withPendingPublishes(int value) {
        return change(next -> next.pendingPublishes = value);
    }

    /** The same limits with another {@link #keepAlive()}. */
    public Limits withKeepAlive(Duration value) {
        return change(next -> next.keepAlive = value);
    }

    /** The same limits with another {@link #connections()}, which also bounds {@link #unauthenticatedConnections()}. */
    public Limits withConnections(int value) {
        return change(next -> {
            next.connections = value;
            next.unauthenticatedConnections = Math.min(value, unauthenticatedConnections);
        });
    }

    /** The same limits with another {@link #unauthenticatedConnections()}. */
    public Limits withUnauthenticatedConnections(int value) {
        return change(next -> next.unauthenticatedConnections = value);
    }

    /** The same limits with another {@link #queueMessages()}. */
    public Limits withQueueMessages(int value) {
        return change(next -> next.queueMessages = value);
    }

    /** The same limits with another {@link #queueBytes()}. */
    public Limits withQueueBytes(long value) {
        return change(next -> next.queueBytes = value);
    }

    /** The same limits with another {@link #qos0BacklogBytes()}. */
    public Limits withQos0BacklogBytes(long value) {
        return change(next -> next.qos0BacklogBytes = value);
    }

    /** The same limits with another {@link #subscriptions()}. */
    public Limits withSubscriptions(int value) {
        return change(next -> next.subscriptions = value);
    }

    /** The same limits with another {@link #writeTimeout()}. */
    public Limits withWriteTimeout(Duration value) {
        return change(next -> next.writeTimeout = value);
    }

    /** The same limits with another {@link #sessionExpiry()}. */
    public Limits withSessionExpiry(Duration value) {
        return change(next -> next.sessionExpiry = value);
    }

    /** The same limits with another {@link #totalBytes()}. */
    public Limits withTotalBytes(long value) {
        return change(next -> next.totalBytes = value);
    }

    /** The same limits with another {@link #outboxMessages()}. */
    public Limits withOutboxMessages(long value) {
        return change(next -> next.outboxMessages = value);
    }

    /** The same limits with another {@link #outboxBytes()}. */
    public Limits withOutboxBytes(long value) {
        return change(next -> next.outboxBytes = value);
    }

    /** The same limits with another {@link #deadLetters()}. */
    public Limits withDeadLetters(long value) {
        return change(next -> next.deadLetters = value);
    }

    private Limits change(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.limits();
    }

    /** Limits that are being changed. */
    private static final class Draft {
        private int packetBytes;
        private int connectPacketBytes;
        private Duration connectTimeout;
        private int topicBytes;
        private int topicSeparators;
        private int clientIdBytes;
        private int receiveMaximum;
        private int inboundQos2;
        private int pendingPublishes;
        private Duration keepAlive;
        private int connections;
        private int unauthenticatedConnections;
        private int queueMessages;
        private long queueBytes;
        private long qos0BacklogBytes;
        private int subscriptions;
        private Duration writeTimeout;
        private Duration sessionExpiry;
        private long totalBytes;
        private long outboxMessages;
        private long outboxBytes;
        private long deadLetters;

        Draft(Limits from) {
            packetBytes = from.packetBytes;
            connectPacketBytes = from.connectPacketBytes;
            connectTimeout = from.connectTimeout;
            topicBytes = from.topicBytes;
            topicSeparators = from.topicSeparators;
            clientIdBytes = from.clientIdBytes;
            receiveMaximum = from.receiveMaximum;
            inboundQos2 = from.inboundQos2;
            pendingPublishes = from.pendingPublishes;
            keepAlive = from.keepAlive;
            connections = from.connections;
            unauthenticatedConnections = from.unauthenticatedConnections;
            queueMessages = from.queueMessages;
            queueBytes = from.queueBytes;
            qos0BacklogBytes = from.qos0BacklogBytes;
            subscriptions = from.subscriptions;
            writeTimeout = from.writeTimeout;
            sessionExpiry = from.sessionExpiry;
            totalBytes = from.totalBytes;
            outboxMessages = from.outboxMessages;
            outboxBytes = from.outboxBytes;
            deadLetters = from.deadLetters;
        }

        Limits limits() {
            return new Limits(
                    packetBytes,
                    connectPacketBytes,
                    connectTimeout,
                    topicBytes,
                    topicSeparators,
                    clientIdBytes,
                    receiveMaximum,
                    inboundQos2,
                    pendingPublishes,
                    keepAlive,
                    connections,
                    unauthenticatedConnections,
                    queueMessages,
                    queueBytes,
                    qos0BacklogBytes,
                    subscriptions,
                    writeTimeout,
                    sessionExpiry,
                    totalBytes,
                    outboxMessages,
                    outboxBytes,
                    deadLetters);
        }
    }
}
