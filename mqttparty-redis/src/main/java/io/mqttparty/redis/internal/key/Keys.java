package io.mqttparty.redis.internal.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionRef;

/**
 * All keys. Those of one client share the hash tag <code>{client id}</code>, in which what could end or begin a tag is encoded, so that no client
 * id looks like a key of another or of ours. Immutable; any thread may use it.
 */
public final class Keys {
    /** How many buckets the due times of sessions and of wills have. */
    public static final int DUE_BUCKETS = 16;

    private static final int CLIENT_BUCKET_BITS = 14;

    /** How many buckets the clients that have a session have: so many that each stays small, which takes a fifth of the memory. */
    public static final int CLIENT_BUCKETS = 1 << CLIENT_BUCKET_BITS;

    /** How many buckets retained messages have, by the first level of their topic. */
    public static final int RETAINED_BUCKETS = 64;

    private final String prefix;

    /**
     * Keys that all begin with this.
     *
     * @param prefix what separates this broker's keys from those of other users of the same Redis
     */
    public Keys(String prefix) {
        this.prefix = prefix;
    }

    // ---- one client ----

    /** HASH: the session and its owner. */
    public byte[] session(ClientId client) {
        return client(client, "s");
    }

    /** STREAM: the queue of one incarnation. */
    public byte[] queue(SessionRef session) {
        return queue(session.client(), session.incarnation().value());
    }

    /** STREAM: the queue of one incarnation. */
    public byte[] queue(ClientId client, String incarnation) {
        return client(client, "q:" + incarnation);
    }

    /** HASH: outbound QoS 2 deliveries whose PUBREC was seen: number to 1. */
    public byte[] released(ClientId client) {
        return client(client, "r");
    }

    /** HASH: open inbound QoS 2 exchanges: packet id to state. */
    public byte[] inbound(ClientId client) {
        return client(client, "i");
    }

    private byte[] client(ClientId client, String what) {
        return bytes(prefix + '{' + encode(client.value()) + "}:" + what);
    }

    // ---- routes ----

    /** HASH: client to incarnation, version and subscriptions. */
    public byte[] routes() {
        return bytes(prefix + "r:s");
    }

    /** STREAM: the changes of routes. */
    public byte[] routeLog() {
        return bytes(prefix + "r:l");
    }

    /** HASH: node to the position of the route log that it has applied. */
    public byte[] routesApplied() {
        return bytes(prefix + "r:a");
    }

    // ---- nodes ----

    /** ZSET: the members. */
    public byte[] nodes() {
        return bytes(prefix + "nodes");
    }

    /** STRING with a life: the lease of a node. */
    public byte[] lease(NodeId node) {
        return node(node.value(), "");
    }

    /** SET: the clients that are attached to a node. */
    public byte[] attached(NodeId node) {
        return attached(node.value());
    }

    /** SET: the clients that are attached to a node. */
    public byte[] attached(String node) {
        return node(node, ":c");
    }

    /** HASH: the filters of a node's transient sessions, to the highest QoS. */
    public byte[] transientFilters(NodeId node) {
        return node(node.value(), ":t");
    }

    /** STREAM: what others send to a node. */
    public byte[] inbox(NodeId node) {
        return inbox(node.value());
    }

    /** STREAM: what others send to a node. */
    public byte[] inbox(String node) {
        return node(node, ":in");
    }

    /** STRING with a life: who clears up after a node. */
    public byte[] reaper(NodeId node) {
        return bytes(prefix + "reap:{" + encode(node.value()) + "}");
    }

    private byte[] node(String node, String what) {
        return bytes(prefix + "n:{" + encode(node) + "}" + what);
    }

    // ---- what is due ----

    /** The bucket of a client in {@link #expiries} and {@link #wills}. */
    public static int dueBucket(ClientId client) {
        return Math.floorMod(client.value().hashCode(), DUE_BUCKETS);
    }

    /** ZSET: time of expiry in milliseconds to client. */
    public byte[] expiries(int bucket) {
        return bytes(prefix + "exp:" + bucket);
    }

    /** ZSET: due time in milliseconds to client with pending wills. */
    public byte[] wills(int bucket) {
        return bytes(prefix + "will:" + bucket);
    }

    // ---- who there is ----

    /** The bucket of a client in {@link #clients}. */
    public static int clientBucket(ClientId client) {
        int mixed = client.value().hashCode() * 0x9E37_79B9;
        return mixed >>> (Integer.SIZE - CLIENT_BUCKET_BITS);
    }

    /** ZSET of one bucket: the clients that have a session, in the order of their bytes. */
    public byte[] clients(int bucket) {
        return bytes(prefix + "ids:" + bucket);
    }

    /** ZSET of the bucket of a client. */
    public byte[] clients(ClientId client) {
        return clients(clientBucket(client));
    }

    // ---- the sweeper ----

    /** STRING with a life: who sweeps now. */
    public byte[] sweeper() {
        return bytes(prefix + "sweep");
    }

    // ---- retained messages ----

    /** The bucket of a topic whose first level is this. */
    public static int retainedBucket(String firstLevel) {
        return Math.floorMod(firstLevel.hashCode(), RETAINED_BUCKETS);
    }

    /** HASH: topic to message. */
    public byte[] retainedValues(int bucket) {
        return bytes(prefix + "ret:" + bucket + ":v");
    }

    /** ZSET: the topics in the order of their bytes. */
    public byte[] retainedIndex(int bucket) {
        return bytes(prefix + "ret:" + bucket + ":i");
    }

    // ---- outbox ----

    /** What belongs to one shard of the outbox; an empty name is the stream itself. */
    public byte[] outbox(int shard, String what) {
        return bytes(prefix + "up:{" + shard + "}" + (what.isEmpty() ? "" : ":" + what));
    }

    /** ZSET with a life: who drains the outbox, and until when unless it says so again. */
    public byte[] drainers() {
        return bytes(prefix + "up:d");
    }

    // ---- encoding ----

    /** Percent-encodes what must not stand in a hash tag: percent, braces, control characters. */
    static String encode(String id) {
        int i = 0;
        while (i < id.length() && !isSpecial(id.charAt(i))) {
            i++;
        }
        if (i == id.length()) {
            return id;
        }
        StringBuilder encoded = new StringBuilder(id.length() + 8).append(id, 0, i);
        for (; i < id.length(); i++) {
            char c = id.charAt(i);
            if (isSpecial(c)) {
                encoded.append('%').append(hex(c >> 4)).append(hex(c));
            } else {
                encoded.append(c);
            }
        }
        return encoded.toString();
    }

    private static boolean isSpecial(char c) {
        return c == '%' || c == '{' || c == '}' || c < ' ' || c == 0x7F;
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit & 15, 16));
    }

    private static byte[] bytes(String key) {
        return key.getBytes(UTF_8);
    }
}
