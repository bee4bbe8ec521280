package io.mqttparty.redis.internal.session;

import static io.mqttparty.redis.TestRedis.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.model.Will;
import io.mqttparty.redis.TestRedis;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.lane.RedisErrorException;
import io.mqttparty.redis.internal.retained.RedisRetained;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionStore.Qos2In;
import io.mqttparty.spi.SessionStore.Qos2Publish;
import io.mqttparty.spi.SessionStore.RetainedCursor;
import io.mqttparty.spi.SessionStore.RetainedStep;
import io.mqttparty.spi.Targets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The memory of Redis is full: what needs more is refused as a whole, and what makes room works. */
final class FullMemoryIT {
    private static final Message SENT = Message.of("t", "m", QoS.EXACTLY_ONCE);
    private static final Message RETAINED = SENT.withRetain(true);
    private static final RetainedCursor START = new RetainedCursor(TopicFilter.of("#"), QoS.AT_LEAST_ONCE, "");

    private final RedisServer server = RedisServer.start();
    private final TestRedis redis = TestRedis.open(server, server.uri());
    private final RedisSessions store = new RedisSessions(redis.context());
    private final RedisRetained retained = new RedisRetained(redis.context());
    private StoredSession client;
    private StoredSession target;
    private Targets targets = Targets.NONE;

    @BeforeEach
    void prepare() {
        client = StoredSession.online(redis, "a");
        target = StoredSession.online(redis, "target");
        NodeId node = StoredSession.node(redis, "one");
        targets = new Targets(List.of(target.leg(QoS.EXACTLY_ONCE)), Set.of(node), List.of());
    }

    @AfterEach
    void close() {
        redis.close();
        server.close();
    }

    @Test
    void publishQos2_isRefusedAsAWhole_andWorksLater() {
        Qos2Publish publish = new Qos2Publish(7, new MessageId(1, 1), SENT, targets, false);
        fill();
        assertRefused(store.publishQos2(client.fence(), publish));
        assertThat(redis.keys()).doesNotContain("{a}:i");
        assertThat(target.queue()).isEmpty();
        assertThat(StoredSession.inbox(redis, new NodeId("one"))).isEmpty();

        free();
        await(store.publishQos2(client.fence(), publish));
        assertThat(target.payloads()).containsExactly("m");
    }

    @Test
    void beginQos2Retained_isRefusedAsAWhole() {
        fill();

        assertRefused(store.beginQos2Retained(
                client.fence(), new Qos2Publish(7, new MessageId(1, 1), RETAINED, targets, false)));
        assertThat(redis.keys()).doesNotContain("{a}:i");
        assertThat(await(retained.exact(SENT.topic()))).isEmpty();
    }

    @Test
    void will_isRefused_andStaysPending() {
        client.set("w:5", WillRecords.encode(Optional.empty(), new Will(RETAINED)));
        fill();
        assertRefused(store.retainWill(client.client(), 5));
        assertRefused(store.fireWill(client.client(), 5, targets));
        assertThat(target.queue()).isEmpty();

        free();
        assertThat(await(store.retainWill(client.client(), 5))).isTrue();
        assertThat(await(store.fireWill(client.client(), 5, targets)).fired()).isTrue();
        assertThat(target.payloads()).containsExactly("m");
    }

    @Test
    void enqueueRetained_isRefused_andGoesOnLater() {
        await(retained.put(RETAINED, Optional.empty()));
        client.set("rp", RetainedCursors.encode(START));
        RetainedStep step = new RetainedStep(START, List.of(SENT.topic()), Optional.empty());
        fill();
        assertRefused(store.enqueueRetained(client.fence(), step));

        free();
        await(store.enqueueRetained(client.fence(), step));
        assertThat(client.payloads()).containsExactly("m");
    }

    @Test
    void put_isRefused_removalWorks() {
        await(retained.put(RETAINED, Optional.empty()));
        fill();

        assertRefused(retained.put(RETAINED.withTopic(TopicName.of("other")), Optional.empty()));
        assertThat(await(retained.put(Message.of("t", "", QoS.AT_MOST_ONCE), Optional.empty())))
                .isEqualTo(FenceResult.OK);
        assertThat(redis.keys()).noneMatch(key -> key.startsWith("ret:"));
    }

    @Test
    void qos2In_clear_works() {
        await(store.publishQos2(client.fence(), new Qos2Publish(7, new MessageId(1, 1), SENT, targets, false)));
        fill();

        assertThat(await(store.qos2In(client.fence(), 7, Qos2In.CLEAR))).isEqualTo(FenceResult.OK);
        assertThat(redis.keys()).doesNotContain("{a}:i");
    }

    @Test
    void sweep_endsSessions_andFindsWills() {
        StoredSession expired = StoredSession.offline(redis, "expired");
        StoredSession withWill = StoredSession.offline(redis, "withWill");
        StoredSession later = StoredSession.offline(redis, "later");
        expired.set("at", "1");
        withWill.set("at", "1");
        withWill.set("w:5", WillRecords.encode(Optional.empty(), new Will(SENT)));
        for (StoredSession each : List.of(expired, withWill, later)) {
            redis.client()
                    .send(
                            "ZADD",
                            redis.key("exp:" + Keys.dueBucket(each.client())),
                            "2",
                            each.client().value());
        }
        fill();

        var swept = await(store.sweep(10));

        assertThat(swept.expired()).isEqualTo(1);
        assertThat(swept.wills()).hasSize(1);
        assertThat(expired.get("inc")).isEmpty();
        assertThat(later.get("inc")).isNotEmpty();
    }

    private void fill() {
        redis.client().config("maxmemory", "1mb"); // less than it has
    }

    private void free() {
        redis.client().config("maxmemory", "0");
    }

    private static void assertRefused(CompletionStage<?> stage) {
        assertThatThrownBy(() -> await(stage))
                .cause()
                .isInstanceOfSatisfying(
                        RedisErrorException.class,
                        failure -> assertThat(failure.is("OOM")).isTrue());
    }
}
