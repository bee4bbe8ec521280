package io.mqttparty.redis.internal.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.model.Will;
import io.mqttparty.redis.TestRedis;
import io.mqttparty.redis.fixture.CutRelay;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.record.Records;
import io.mqttparty.redis.internal.retained.Buckets;
import io.mqttparty.redis.internal.retained.RedisRetained;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.SessionStore.Fired;
import io.mqttparty.spi.SessionStore.Qos2In;
import io.mqttparty.spi.SessionStore.Qos2Publish;
import io.mqttparty.spi.SessionStore.Qos2Published;
import io.mqttparty.spi.SessionStore.RetainedCursor;
import io.mqttparty.spi.SessionStore.RetainedEnqueued;
import io.mqttparty.spi.SessionStore.RetainedStep;
import io.mqttparty.spi.SessionStore.Swept;
import io.mqttparty.spi.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Each script is executed, its answer is lost with the connection, and it is called again: the outcome is that of one call. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LostReplyIT {
    private static final Message SENT = Message.of("t", "m", QoS.EXACTLY_ONCE);
    private static final String CUT = "cut-here";
    private static final RetainedCursor START = new RetainedCursor(TopicFilter.of("#"), QoS.AT_LEAST_ONCE, "");

    private RedisServer server;
    private CutRelay relay;
    private TestRedis redis;
    private RedisSessions store;
    private RedisRetained retained;

    @BeforeAll
    void open() {
        server = RedisServer.start();
        relay = CutRelay.to(server.port());
        redis = TestRedis.open(server, "redis://127.0.0.1:" + relay.port());
        store = new RedisSessions(redis.context());
        retained = new RedisRetained(redis.context());
        loadScripts();
    }

    @AfterEach
    void forget() {
        redis.client().send("FLUSHALL");
    }

    @AfterAll
    void close() {
        redis.close();
        relay.close();
        server.close();
    }

    // ---- QoS 2 ----

    @Test // F10, F11
    void publishQos2_isDuplicate() {
        StoredSession publisher = StoredSession.online(redis, CUT);
        StoredSession target = StoredSession.online(redis, "target");

        Qos2Published answer = afterLostReply(() -> publish(publisher, legs(List.of(target))));

        assertThat(answer.status()).isEqualTo(Qos2Published.Status.DUPLICATE);
        assertThat(answer.legs().get(0).owner().isOnline()).as("whom to wake").isTrue();
        assertThat(target.payloads()).containsExactly("m");
    }

    @Test
    void publishQos2_secondOfTwoChunks_eachTargetOnce() {
        StoredSession publisher = StoredSession.online(redis, "publisher");
        List<StoredSession> many = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            many.add(StoredSession.offline(redis, "many" + i));
        }
        many.add(inSecondChunk());

        Qos2Published answer = afterLostReply(() -> publish(publisher, legs(many)));

        assertThat(answer.status()).isEqualTo(Qos2Published.Status.DUPLICATE);
        assertThat(many).allSatisfy(each -> assertThat(length(each)).isOne());
    }

    private StoredSession inSecondChunk() {
        for (int i = 0; ; i++) {
            StoredSession session = StoredSession.offline(redis, CUT + i);
            if (Fanout.isIn(1, 2, session.client().value())) {
                return session;
            }
        }
    }

    @Test
    void beginQos2Retained_writesOnce() {
        StoredSession publisher = StoredSession.online(redis, CUT);
        Qos2Publish publish = new Qos2Publish(7, new MessageId(1, 1), retained("a", "begun"), Targets.NONE, false);

        FenceResult answer = afterLostReply(
                CUT,
                () -> store.beginQos2Retained(publisher.fence(), publish),
                () -> storeRetained(retained("a", "later")));

        assertThat(answer).isEqualTo(FenceResult.OK);
        assertThat(stored("a")).contains(retained("a", "later"));
    }

    @Test
    void qos2In_doneAndClear_areDone() {
        StoredSession publisher = StoredSession.online(redis, CUT);
        TestRedis.await(publish(publisher, Targets.NONE));

        assertThat(afterLostReply(() -> store.qos2In(publisher.fence(), 7, Qos2In.DONE)))
                .isEqualTo(FenceResult.OK);
        assertThat(TestRedis.await(publish(publisher, Targets.NONE)).upstreamDone())
                .isTrue();
        assertThat(afterLostReply(() -> store.qos2In(publisher.fence(), 7, Qos2In.CLEAR)))
                .isEqualTo(FenceResult.OK);
        assertThat(TestRedis.await(publish(publisher, Targets.NONE)).status()).isEqualTo(Qos2Published.Status.NEW);
    }

    // ---- wills ----

    @Test // F8
    void fireWill_isFiredOnce() {
        StoredSession client = StoredSession.offline(redis, CUT);
        client.set("w:5", WillRecords.encode(Optional.empty(), new Will(SENT)));
        StoredSession target = StoredSession.online(redis, "target");

        Fired again =
                afterLostReply("will:", () -> store.fireWill(client.client(), 5, legs(List.of(target))), () -> {});
        assertThat(again.fired()).isFalse();
        assertThat(target.payloads()).containsExactly("m");
        assertThat(client.get("w:5")).isEmpty();
    }

    @Test // F9
    void retainWill_neverOverwritesWhatCameMeanwhile() {
        StoredSession client = StoredSession.offline(redis, "a");
        client.set("w:5", WillRecords.encode(Optional.empty(), new Will(retained(CUT, "offline"))));

        boolean again = afterLostReply(
                CUT, () -> store.retainWill(client.client(), 5), () -> storeRetained(retained(CUT, "online")));

        assertThat(again).isFalse();
        assertThat(stored(CUT)).contains(retained(CUT, "online"));
    }

    // ---- retained messages ----

    @Test
    void put_isStored_removed_isRemoved() {
        assertThat(afterLostReply(() -> retained.put(retained(CUT, "v"), Optional.empty())))
                .isEqualTo(FenceResult.OK);
        assertThat(stored(CUT)).isPresent();
        assertThat(afterLostReply(() -> retained.put(retained(CUT, ""), Optional.empty())))
                .isEqualTo(FenceResult.OK);
        assertThat(redis.keys()).isEmpty();
    }

    @Test // F5
    void enqueueRetained_eachMessageOnce() {
        StoredSession session = StoredSession.online(redis, CUT);
        TestRedis.await(retained.put(retained("a", "v"), Optional.empty()));
        session.set("rp", RetainedCursors.encode(START));
        RetainedStep step = new RetainedStep(START, List.of(TopicName.of("a")), Optional.empty());

        assertThat(afterLostReply(() -> store.enqueueRetained(session.fence(), step)))
                .isEqualTo(new RetainedEnqueued(FenceResult.OK, 65_536));
        assertThat(session.payloads()).containsExactly("v");
    }

    // ---- the end ----

    @Test // F25
    void sweep_endsTheSessionOnce() {
        StoredSession client = StoredSession.offline(redis, CUT);
        expire(client);

        Swept again = afterLostReply("q:one-" + CUT, () -> store.sweep(10), () -> {});
        assertThat(again.expired()).isZero();
        assertThat(redis.keys()).isSubsetOf("sweep");
    }

    // ---- what happens ----

    private <T> T afterLostReply(Supplier<CompletionStage<T>> call) {
        return afterLostReply(CUT, call, () -> {});
    }

    private <T> T afterLostReply(String text, Supplier<CompletionStage<T>> call, Runnable meanwhile) {
        return LostReply.of(relay, text, call, meanwhile);
    }

    /** Redis has each script, so that the first call of a test executes it. */
    private void loadScripts() {
        StoredSession session = StoredSession.online(redis, "warm");
        session.set("rp", RetainedCursors.encode(START));
        session.set("w:5", WillRecords.encode(Optional.empty(), new Will(retained("a", "v"))));
        Qos2Publish begin = new Qos2Publish(7, new MessageId(1, 1), retained("a", "v"), Targets.NONE, false);
        TestRedis.await(store.beginQos2Retained(session.fence(), begin));
        TestRedis.await(publish(session, legs(List.of(session))));
        TestRedis.await(store.qos2In(session.fence(), 7, Qos2In.DONE));
        TestRedis.await(store.qos2In(session.fence(), 7, Qos2In.CLEAR));
        TestRedis.await(store.retainWill(session.client(), 5));
        TestRedis.await(store.fireWill(session.client(), 5, Targets.NONE));
        TestRedis.await(store.enqueueRetained(session.fence(), new RetainedStep(START, List.of(), Optional.empty())));
        TestRedis.await(retained.put(retained("a", ""), Optional.empty()));
        session.disconnect();
        expire(session);
        assertThat(TestRedis.await(store.sweep(10)).expired()).isEqualTo(1);
        forget();
    }

    private void expire(StoredSession session) {
        session.set("at", "1");
        redis.client()
                .send(
                        "ZADD",
                        redis.key("exp:" + Keys.dueBucket(session.client())),
                        "2",
                        session.client().value());
    }

    private CompletionStage<Qos2Published> publish(StoredSession publisher, Targets targets) {
        return store.publishQos2(publisher.fence(), new Qos2Publish(7, new MessageId(1, 1), SENT, targets, true));
    }

    /** Past the store, by a connection that is not cut. */
    private void storeRetained(Message message) {
        byte[] topic = message.topic().value().getBytes(UTF_8);
        byte[] key = redis.key("ret:" + Buckets.of(message.topic()) + ":v").getBytes(UTF_8);
        redis.client().send("HSET".getBytes(UTF_8), key, topic, Records.encode(message));
    }

    private Optional<Message> stored(String topic) {
        return TestRedis.await(retained.exact(TopicName.of(topic)));
    }

    private static Message retained(String topic, String payload) {
        return Message.of(topic, payload, QoS.AT_LEAST_ONCE).withRetain(true);
    }

    private long length(StoredSession session) {
        return redis.client().send("XLEN", session.queueKey()).number();
    }

    private static Targets legs(List<StoredSession> sessions) {
        List<Leg> legs =
                sessions.stream().map(each -> each.leg(QoS.EXACTLY_ONCE)).toList();
        return new Targets(legs, Set.of(), List.of());
    }
}
