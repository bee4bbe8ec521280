package io.mqttparty.redis.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.Will;
import io.mqttparty.redis.TestRedis;
import io.mqttparty.redis.fixture.RespReply;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.EnqueueCallback;
import io.mqttparty.spi.SessionStore.Qos2Out;
import io.mqttparty.spi.SessionStore.Stored;
import io.mqttparty.spi.SessionStore.Subscribed;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import io.mqttparty.spi.Token;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Session stores of two nodes over a real Redis; the leases of the nodes are written by hand. */
final class Scene implements AutoCloseable {
    static final long EMPTY = SessionStore.FIRST_SEQ - 1;
    static final long FIRST = SessionStore.FIRST_SEQ;
    static final long EXPIRY = 3_600;
    static final NodeId A = new NodeId("a.1");
    static final NodeId B = new NodeId("b.2");

    final TestRedis redis;
    /** Of node A; it knows nothing of what {@link #storeB} learns. */
    final RedisSessions store;

    final RedisSessions storeB;
    private long tokens;

    Scene() {
        this(Limits.DEFAULTS);
    }

    Scene(Limits limits) {
        this(TestRedis.open(limits));
    }

    Scene(TestRedis redis) {
        this.redis = redis;
        store = new RedisSessions(redis.context());
        storeB = new RedisSessions(redis.context());
        join(A);
        join(B);
    }

    void join(NodeId node) {
        send("SET", "n:{" + node + "}", "here", "PX", "600000");
        send("XADD", "n:{" + node + "}:in", "MAXLEN", "=", "0", "0-65535", "p", "");
    }

    /** The lease of a node runs out. */
    void die(NodeId node) {
        send("DEL", "n:{" + node + "}");
    }

    @Override
    public void close() {
        redis.close();
    }

    // ---- Redis ----

    /** A command whose second word is a key without the prefix. */
    RespReply send(String... command) {
        String[] prefixed = command.clone();
        prefixed[1] = redis.key(command[1]);
        return redis.client().send(prefixed);
    }

    /** A field of a session. */
    Optional<String> field(String client, String field) {
        RespReply value = send("HGET", "{" + client + "}:s", field);
        return value.isNil() ? Optional.empty() : Optional.of(value.text());
    }

    boolean isAttachedTo(NodeId node, String client) {
        return send("SISMEMBER", "n:{" + node + "}:c", client).number() == 1;
    }

    /** Whether the key has a life. */
    boolean ends(String key) {
        return send("PTTL", key).number() > 0;
    }

    /** All keys with what is in them and whether they end, except those of the nodes; times of the server are left out. */
    SortedMap<String, String> dump() {
        SortedMap<String, String> dump = new TreeMap<>();
        for (String key : redis.keys()) {
            if (!key.startsWith("n:")) {
                dump.put(key, content(key) + (ends(key) ? " ends" : ""));
            }
        }
        return dump;
    }

    private String content(String key) {
        return switch (send("TYPE", key).text()) {
            case "hash" -> pairs(send("HGETALL", key).texts()).toString();
            case "set" -> new TreeSet<>(send("SMEMBERS", key).texts()).toString();
            case "zset" -> send("ZRANGE", key, "0", "-1").texts().toString();
            case "stream" -> send("XRANGE", key, "-", "+") + " last " + lastId(key);
            default -> send("GET", key).text();
        };
    }

    private String lastId(String stream) {
        List<RespReply> info =
                redis.client().send("XINFO", "STREAM", redis.key(stream)).list();
        for (int i = 0; i < info.size(); i += 2) {
            if (info.get(i).text().equals("last-generated-id")) {
                return info.get(i + 1).text();
            }
        }
        throw new AssertionError("stream: " + stream + " has no last id");
    }

    private static SortedMap<String, String> pairs(List<String> flat) {
        SortedMap<String, String> pairs = new TreeMap<>();
        for (int i = 0; i < flat.size(); i += 2) {
            pairs.put(flat.get(i), flat.get(i + 1));
        }
        return pairs;
    }

    // ---- attach and detach ----

    AttachRequest request(NodeId node, String client, boolean clean, long expiry, Optional<Will> will) {
        return new AttachRequest(
                ClientId.of(client), Optional.empty(), new Token(node + "-" + ++tokens), node, clean, expiry, will, 32);
    }

    AttachRequest request(NodeId node, String client) {
        return request(node, client, false, EXPIRY, Optional.empty());
    }

    Attached attach(AttachRequest request) {
        return await((request.node().equals(A) ? store : storeB).attach(request));
    }

    Attached attach(NodeId node, String client) {
        return attach(request(node, client));
    }

    Attached attachTransient(NodeId node, String client) {
        return attach(request(node, client, true, 0, Optional.empty()));
    }

    Attached attachWithWill(NodeId node, String client) {
        return attach(request(node, client, false, EXPIRY, Optional.of(new Will(message("will")))));
    }

    FenceResult detach(Attached attached, Detach how, long sentUpTo) {
        return await(store.detach(attached.fence(), how, sentUpTo));
    }

    FenceResult detach(Attached attached) {
        return detach(attached, Detach.CLEAN, 0);
    }

    boolean owns(Fence fence) {
        return await(store.watermark(fence, 0, 0)) == FenceResult.OK;
    }

    Subscribed subscribe(Fence fence, String... filters) {
        List<Subscription> add = List.of(filters).stream()
                .map(filter -> Subscription.of(filter, QoS.AT_LEAST_ONCE))
                .toList();
        return await(store.subscribe(fence, new SubscriptionChange(add, List.of(), 1_000)));
    }

    FenceResult release(Attached attached, long seq) {
        return await(store.qos2Out(attached.fence(), seq, Qos2Out.RELEASED));
    }

    FenceResult complete(Attached attached, long seq) {
        return await(store.qos2Out(attached.fence(), seq, Qos2Out.COMPLETED));
    }

    // ---- queues ----

    static Message message(String payload) {
        return Message.of("t/" + payload, payload, QoS.AT_LEAST_ONCE);
    }

    Stored enqueue(SessionRef session, Message message) {
        return await(enqueueAsync(session, message));
    }

    CompletableFuture<Stored> enqueueAsync(SessionRef session, Message message) {
        CompletableFuture<Stored> result = new CompletableFuture<>();
        store.enqueue(message, List.of(new Leg(session, QoS.EXACTLY_ONCE)), new EnqueueCallback() {
            @Override
            public void onStored(int leg, long seq, Owner owner, long acknowledgedUpTo) {
                assertThat(result.complete(new Stored(seq, owner, acknowledgedUpTo)))
                        .isTrue();
            }

            @Override
            public void onFailed(int leg, Throwable cause) {
                assertThat(result.completeExceptionally(cause)).isTrue();
            }
        });
        return result;
    }

    void enqueueAll(SessionRef session, String... payloads) {
        for (String payload : payloads) {
            assertThat(enqueue(session, message(payload)).seq()).isPositive();
        }
    }

    List<Queued> queue(SessionRef session) {
        return await(store.read(session, 0, 100_000));
    }

    List<String> payloads(SessionRef session) {
        return payloads(queue(session));
    }

    static List<String> payloads(List<Queued> records) {
        return records.stream()
                .map(each -> each.message().payload().asUtf8String())
                .toList();
    }

    static <T> T await(CompletionStage<T> stage) {
        return TestRedis.await(stage);
    }

    /** What a stage fails with. */
    static Throwable failure(CompletionStage<?> stage) {
        try {
            Object result = await(stage);
            throw new AssertionError("result: " + result + " (expected: a failure)");
        } catch (CompletionException e) {
            return e.getCause();
        }
    }
}
