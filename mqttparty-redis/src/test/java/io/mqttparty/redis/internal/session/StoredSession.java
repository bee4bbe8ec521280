package io.mqttparty.redis.internal.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.redis.TestRedis;
import io.mqttparty.redis.fixture.RespReply;
import io.mqttparty.redis.internal.record.Records;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A session as it lies in Redis, put there by hand, so that a test can look at one script alone. */
final class StoredSession {
    private final TestRedis redis;
    private final ClientId client;
    private final Token incarnation;
    private Token token;
    private long epoch;

    private StoredSession(TestRedis redis, String client) {
        this.redis = redis;
        this.client = ClientId.of(client);
        this.token = new Token("one-" + client);
        this.incarnation = token;
    }

    /** A persistent session that is connected to node {@code one}. */
    static StoredSession online(TestRedis redis, String client) {
        StoredSession session = offline(redis, client);
        session.connect("one");
        return session;
    }

    /** A persistent session without connection. */
    static StoredSession offline(TestRedis redis, String client) {
        StoredSession session = new StoredSession(redis, client);
        session.epoch = 1_800_000_000_000L;
        session.set("e", Long.toString(session.epoch));
        session.set("inc", session.incarnation.value());
        session.set("x", "3600");
        session.set("at", Long.toString(System.currentTimeMillis()));
        session.set("a", "65535");
        redis.client().send("XADD", session.queueKey(), "MAXLEN", "=", "0", "0-65535", "p", "");
        return session;
    }

    void connect(String node) {
        epoch++;
        token = new Token(node + "-" + epoch);
        set("n", node);
        set("e", Long.toString(epoch));
        set("tok", token.value());
    }

    void disconnect() {
        redis.client().send("HDEL", key("s"), "n", "tok");
    }

    /** Makes it end, and all that would expire. */
    void delete() {
        redis.client().send("DEL", key("s"), queueKey(), key("i"), key("r"));
    }

    void set(String field, String value) {
        redis.client().send("HSET", key("s"), field, value);
    }

    void set(String field, byte[] value) {
        redis.client().send(bytes("HSET"), bytes(key("s")), bytes(field), value);
    }

    String get(String field) {
        RespReply reply = redis.client().send("HGET", key("s"), field);
        return reply.isNil() ? "" : reply.text();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    ClientId client() {
        return client;
    }

    Fence fence() {
        return new Fence(client, token, epoch);
    }

    SessionRef ref() {
        return new SessionRef(client, incarnation);
    }

    Leg leg(QoS grant) {
        return new Leg(ref(), grant);
    }

    /** A key of this client. */
    String key(String what) {
        return redis.key("{" + client.value() + "}:" + what);
    }

    String queueKey() {
        return key("q:" + incarnation.value());
    }

    /** The queue: number to message. */
    Map<Long, Message> queue() {
        Map<Long, Message> queue = new TreeMap<>();
        for (RespReply entry :
                redis.client().send("XRANGE", queueKey(), "-", "+").list()) {
            long seq = Long.parseLong(entry.list().get(0).text().substring(2));
            queue.put(seq, Records.decode(entry.list().get(1).list().get(1).bytes()));
        }
        return queue;
    }

    List<String> payloads() {
        return queue().values().stream()
                .map(message -> message.payload().asUtf8String())
                .toList();
    }

    // ---- nodes ----

    /** Makes a node a member as far as its inbox goes. */
    static NodeId node(TestRedis redis, String name) {
        redis.client().send("XADD", inboxKey(redis, name), "MAXLEN", "=", "0", "0-65535", "p", "");
        return new NodeId(name);
    }

    private static String inboxKey(TestRedis redis, String name) {
        return redis.key("n:{" + name + "}:in");
    }

    /** What is in the inbox of a node: sender and batch of each entry. */
    static List<Map.Entry<String, byte[]>> inbox(TestRedis redis, NodeId node) {
        List<Map.Entry<String, byte[]>> entries = new ArrayList<>();
        for (RespReply entry : redis.client()
                .send("XRANGE", inboxKey(redis, node.value()), "-", "+")
                .list()) {
            List<RespReply> fields = entry.list().get(1).list();
            entries.add(Map.entry(fields.get(1).text(), fields.get(3).bytes()));
        }
        return entries;
    }
}
