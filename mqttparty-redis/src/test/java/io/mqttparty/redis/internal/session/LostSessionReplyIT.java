package io.mqttparty.redis.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.Will;
import io.mqttparty.redis.TestRedis;
import io.mqttparty.redis.fixture.CutRelay;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.Qos2Out;
import io.mqttparty.spi.SessionStore.Subscribed;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import io.mqttparty.spi.Token;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The scripts of a session's connection, as {@link LostReplyIT}: executed, the answer lost with the connection, called again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LostSessionReplyIT {
    private static final String CUT = "cut-here";
    private static final long FIRST = SessionStore.FIRST_SEQ;
    private static final NodeId NODE = new NodeId("one");
    private static final Optional<Will> WILL = Optional.of(new Will(Message.of("w", "gone", QoS.AT_LEAST_ONCE)));

    private RedisServer server;
    private CutRelay relay;
    private TestRedis redis;
    private RedisSessions store;
    private int tokens;

    @BeforeAll
    void open() {
        server = RedisServer.start();
        relay = CutRelay.to(server.port());
        redis = TestRedis.open(server, "redis://127.0.0.1:" + relay.port());
        store = new RedisSessions(redis.context());
    }

    @BeforeEach
    void join() {
        redis.client().send("SET", redis.key("n:{one}"), "here", "PX", "600000");
        StoredSession.node(redis, "one");
        StoredSession.node(redis, "two");
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

    private <T> T afterLostReply(Supplier<CompletionStage<T>> call) {
        return LostReply.of(relay, CUT, call, () -> {});
    }

    private AttachRequest request(Optional<Will> will) {
        Token token = new Token("one-" + ++tokens);
        return new AttachRequest(ClientId.of(CUT), Optional.empty(), token, NODE, false, 3_600, will, 32);
    }

    private Attached attached(Optional<Will> will) {
        return TestRedis.await(store.attach(request(will)));
    }

    private String field(String name) {
        var value = redis.client().send("HGET", redis.key("{" + CUT + "}:s"), name);
        return value.isNil() ? "" : value.text();
    }

    private long number(String command, String key) {
        return redis.client().send(command, redis.key(key)).number();
    }

    @Test // F17
    void attach_new_isTheSameConnection() {
        AttachRequest request = request(WILL);

        Attached again = afterLostReply(() -> store.attach(request));

        assertThat(again.present()).isFalse();
        assertThat(again.pendingWills()).as("its own will").isEmpty();
        assertThat(again.fence().token()).isEqualTo(request.token());
        assertThat(field("tok")).isEqualTo(request.token().value());
        assertThat(field("e")).isEqualTo("" + again.fence().epoch());
        assertThat(number("SCARD", "n:{one}:c")).isOne();
    }

    @Test // F2, F17
    void attach_takenOver_kicksOnce() {
        StoredSession session = StoredSession.online(redis, CUT);
        session.connect("two");
        AttachRequest request = request(Optional.empty());

        Attached again = afterLostReply(() -> store.attach(request));

        assertThat(again.present()).isTrue();
        assertThat(again.session()).isEqualTo(session.ref());
        assertThat(number("XLEN", "n:{two}:in")).as("kicks").isOne();
        assertThat(number("XLEN", "n:{one}:in")).isZero();
    }

    @Test // F8
    void detach_lost_leavesTheWillOnce() {
        Attached attached = attached(WILL);

        FenceResult again = afterLostReply(() -> store.detach(attached.fence(), Detach.LOST, FIRST));

        assertThat(again).isEqualTo(FenceResult.STALE);
        assertThat(field("n")).isEmpty();
        assertThat(field("w")).isEmpty();
        assertThat(field("w:" + attached.fence().epoch())).isNotEmpty();
        assertThat(redis.keys().stream().filter(key -> key.startsWith("will:"))).hasSize(1);
        assertThat(number("EXISTS", "n:{one}:c")).isZero();
    }

    @Test
    void detach_clean_leavesNoWill() {
        Attached attached = attached(WILL);

        FenceResult again = afterLostReply(() -> store.detach(attached.fence(), Detach.CLEAN, 0));

        assertThat(again).isEqualTo(FenceResult.STALE);
        assertThat(field("w") + field("w:" + attached.fence().epoch())).isEmpty();
        assertThat(redis.keys()).noneMatch(key -> key.startsWith("will:"));
    }

    @Test // F19
    void subscribe_isStoredOnce() {
        Attached attached = attached(Optional.empty());
        Subscription subscription = Subscription.of("x/#", QoS.AT_LEAST_ONCE);
        SubscriptionChange change = new SubscriptionChange(List.of(subscription), List.of(), 10);

        Subscribed again = afterLostReply(() -> store.subscribe(attached.fence(), change));

        assertThat(again.result()).isEqualTo(FenceResult.OK);
        assertThat(number("HLEN", "r:s")).isOne();
        assertThat(attached(Optional.empty()).subscriptions()).containsExactly(subscription);
    }

    @Test
    void qos2Out_bothSteps_areDoneOnce() {
        Attached attached = attached(Optional.empty());
        redis.client()
                .send(
                        "XADD",
                        redis.key("{" + CUT + "}:q:"
                                + attached.session().incarnation().value()),
                        "0-*",
                        "p",
                        "x");

        assertThat(afterLostReply(() -> store.qos2Out(attached.fence(), FIRST, Qos2Out.RELEASED)))
                .isEqualTo(FenceResult.OK);
        assertThat(redis.client().send("HKEYS", redis.key("{" + CUT + "}:r")).texts())
                .containsExactly("" + FIRST);
        assertThat(number(
                        "XLEN",
                        "{" + CUT + "}:q:" + attached.session().incarnation().value()))
                .isZero();

        assertThat(afterLostReply(() -> store.qos2Out(attached.fence(), FIRST, Qos2Out.COMPLETED)))
                .isEqualTo(FenceResult.OK);
        assertThat(number("EXISTS", "{" + CUT + "}:r")).isZero();
    }

    @Test
    void watermark_isNoted() {
        Attached attached = attached(Optional.empty());

        assertThat(afterLostReply(() -> store.watermark(attached.fence(), FIRST + 9, FIRST + 4)))
                .isEqualTo(FenceResult.OK);

        assertThat(field("ws")).isEqualTo("" + (FIRST + 9));
        assertThat(field("a")).isEqualTo("" + (FIRST + 4));
    }

    @Test
    void renumber_movesEachRecordOnce() {
        Attached attached = attached(Optional.empty());
        String queue =
                redis.key("{" + CUT + "}:q:" + attached.session().incarnation().value());
        for (int i = 0; i < 3; i++) {
            redis.client().send("XADD", queue, "0-*", "p", "m" + i);
        }

        assertThat(afterLostReply(() -> store.renumber(attached.fence(), FIRST + 99)))
                .isEqualTo(FenceResult.OK);

        assertThat(redis.client().send("XRANGE", queue, "-", "+").list().stream()
                        .map(entry -> entry.list().get(1).list().get(1).text()))
                .containsExactly("m0", "m1", "m2");
    }
}
