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
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.redis.internal.record.BusRecords;
import io.mqttparty.redis.internal.record.UnreadableRecordException;
import io.mqttparty.redis.internal.retained.RedisRetained;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionStore.Fired;
import io.mqttparty.spi.SessionStore.Stored;
import io.mqttparty.spi.SharedTarget;
import io.mqttparty.spi.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class WillScriptsIT {
    private static final Message WILL = Message.of("will", "gone", QoS.EXACTLY_ONCE);
    private static final Message OFFLINE =
            Message.of("status", "offline", QoS.AT_LEAST_ONCE).withRetain(true);
    private static final long EPOCH = 1_800_000_000_001L;

    private final TestRedis redis = TestRedis.open();
    private final WillScripts wills =
            new WillScripts(redis.context(), new Enqueuing(redis.context(), new QueueBytes(redis.context())));
    private final RedisRetained retained = new RedisRetained(redis.context());
    private final StoredSession client = StoredSession.online(redis, "a");

    @AfterEach
    void close() {
        redis.close();
    }

    @Test // F8
    @Tag("MQTT-3.1.2-8")
    void fire_twice_reachesAllTargetsOnce() {
        pending(EPOCH, WILL);
        StoredSession target = StoredSession.offline(redis, "target");
        StoredSession low = StoredSession.online(redis, "low");
        NodeId node = StoredSession.node(redis, "one");
        SharedTarget missed = new SharedTarget(new NodeId("gone"), TopicFilter.of("$share/g/will"));
        Targets targets = new Targets(
                List.of(target.leg(QoS.EXACTLY_ONCE), low.leg(QoS.AT_LEAST_ONCE)), Set.of(node), List.of(missed));

        Fired first = fire(EPOCH, targets);
        Fired again = fire(EPOCH, targets);

        assertThat(first.fired()).isTrue();
        assertThat(first.legs()).extracting(Stored::seq).containsExactly(65_536L, 65_536L);
        assertThat(first.legs().get(1).owner().node()).contains(node);
        assertThat(first.missed()).containsExactly(missed);
        assertThat(again).isEqualTo(new Fired(false, List.of(), List.of()));
        assertThat(target.queue()).isEqualTo(Map.of(65_536L, WILL));
        assertThat(low.queue()).isEqualTo(Map.of(65_536L, WILL.withQos(QoS.AT_LEAST_ONCE)));
        assertThat(StoredSession.inbox(redis, node))
                .singleElement()
                .satisfies(
                        entry -> assertThat(entry.getValue()).isEqualTo(BusRecords.pack(new BusRecord.Transmit(WILL))));
        assertThat(client.get("w:" + EPOCH)).isEmpty();
        assertThat(client.get("inc")).isNotEmpty();
    }

    @Test
    void fire_oneOfTwo_staysDue_theLastIsNot() {
        pending(EPOCH, WILL);
        pending(EPOCH + 1, WILL);

        fire(EPOCH, Targets.NONE);
        assertThat(redis.keys()).contains(dueKey());
        fire(EPOCH + 1, Targets.NONE);
        assertThat(redis.keys()).doesNotContain(dueKey());
    }

    @Test // F25
    void fire_lastOfAStub_leavesNoKey() {
        client.delete();
        client.set("e", "1");
        pending(1, WILL);
        StoredSession.node(redis, "one");
        assertThat(redis.keys()).hasSize(3);

        assertThat(fire(1, Targets.NONE).fired()).isTrue();

        assertThat(redis.keys()).containsExactly("n:{one}:in");
    }

    @Test
    @Tag("MQTT-3.3.1-9")
    void fire_retained_isDeliveredWithoutTheFlag() {
        pending(EPOCH, OFFLINE);
        StoredSession target = StoredSession.offline(redis, "target");

        fire(EPOCH, new Targets(List.of(target.leg(QoS.EXACTLY_ONCE)), Set.of(), List.of()));

        assertThat(target.queue().values()).containsExactly(OFFLINE.withRetain(false));
    }

    @Test
    void fire_ofLiveConnection_doesNothing() {
        client.set("w", WillRecords.encode(Optional.empty(), new Will(WILL)));

        assertThat(fire(client.fence().epoch(), Targets.NONE).fired()).isFalse();
        assertThat(await(wills.retain(client.client(), client.fence().epoch()))).isFalse();
        assertThat(client.get("w")).isNotEmpty();
    }

    @Test
    void fire_otherVersion_failsAndChangesNothing() {
        client.set("w:" + EPOCH, "\u0007whatever");

        assertThatThrownBy(() -> fire(EPOCH, Targets.NONE)).hasCauseInstanceOf(UnreadableRecordException.class);
        assertThat(client.get("w:" + EPOCH)).isEqualTo("\u0007whatever");
    }

    // ---- many targets ----

    @Test
    void fire_thousandsOfLegs_inChunksEachOnce() {
        pending(EPOCH, WILL);
        List<StoredSession> many = many(2_100);

        Fired fired = fire(EPOCH, legs(many));

        assertThat(fired.fired()).isTrue();
        assertThat(fired.legs()).hasSize(2_100).allMatch(leg -> leg.seq() == 65_536);
        assertThat(many).allSatisfy(each -> assertThat(length(each)).isOne());
        assertThat(fire(EPOCH, legs(many)).fired()).isFalse();
        many.forEach(StoredSession::delete);
    }

    @Test // F8
    void fire_nodeDiedBetweenChunks_anotherGoesOn() {
        pending(EPOCH, WILL);
        List<StoredSession> many = many(1_100);
        Targets targets = legs(many);
        assertThat(runChunk(targets, 0, 2)).isEqualTo("OK");
        assertThat(runChunk(targets, 0, 2)).isEqualTo("CHUNK"); // double execution
        assertThat(client.get("w:" + EPOCH)).isNotEmpty();

        Fired fired = fire(EPOCH, targets);

        assertThat(fired.fired()).isTrue();
        assertThat(fired.legs()).extracting(Stored::seq).containsOnly(0L, 65_536L);
        assertThat(many).allSatisfy(each -> assertThat(length(each)).isOne());
        many.forEach(StoredSession::delete);
    }

    /** One chunk and no more, as if the node had died behind it; the status. */
    private String runChunk(Targets targets, int index, int chunks) {
        Fanout.Chunk chunk = new Fanout(redis.context(), WILL, targets).chunk(index, chunks);
        Eval call = Eval.of(Script.load(WillScripts.class, "will_fire"))
                .key(redis.context().keys().session(client.client()))
                .key(redis.context().keys().wills(Keys.dueBucket(client.client())));
        chunk.keys(call);
        call.arg("a").arg("w:" + EPOCH).arg(index).arg(chunks);
        chunk.arguments(call);
        return await(call.call(
                redis.context().lanes().of(0),
                reply -> reply instanceof byte[]
                        ? "OK"
                        : Reply.text(Reply.list(reply).get(0))));
    }

    // ---- retained ----

    @Test // F9
    @Tag("MQTT-3.1.2-17")
    void retain_stalledAndRunAgain_neverOverwritesWhatCameLater() {
        pending(EPOCH, OFFLINE);
        assertThat(retain(EPOCH)).isTrue();
        assertThat(status()).contains(OFFLINE);
        Message online = Message.of("status", "online", QoS.AT_LEAST_ONCE).withRetain(true);
        await(retained.put(online, Optional.empty()));

        assertThat(retain(EPOCH)).isFalse();
        assertThat(fire(EPOCH, Targets.NONE).fired()).isTrue();
        assertThat(retain(EPOCH)).isFalse();
        assertThat(status()).contains(online);
    }

    @Test
    void retain_emptyPayload_removes() {
        await(retained.put(OFFLINE, Optional.empty()));
        pending(EPOCH, Message.of("status", "", QoS.AT_LEAST_ONCE).withRetain(true));

        assertThat(retain(EPOCH)).isTrue();
        assertThat(status()).isEmpty();
    }

    @Test
    @Tag("MQTT-3.1.2-16")
    void retain_notRetained_writesNothing() {
        pending(EPOCH, WILL);

        assertThat(retain(EPOCH)).isFalse();
        assertThat(await(retained.exact(WILL.topic()))).isEmpty();
    }

    private boolean retain(long epoch) {
        return await(wills.retain(client.client(), epoch));
    }

    private Optional<Message> status() {
        return await(retained.exact(TopicName.of("status")));
    }

    private void pending(long epoch, Message message) {
        client.set("w:" + epoch, WillRecords.encode(Optional.of("user"), new Will(message)));
        redis.client().send("ZADD", redis.key(dueKey()), "1", "a");
    }

    private String dueKey() {
        return "will:" + Keys.dueBucket(client.client());
    }

    private Fired fire(long epoch, Targets targets) {
        return await(wills.fire(client.client(), epoch, targets));
    }

    private List<StoredSession> many(int count) {
        List<StoredSession> many = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            many.add(StoredSession.offline(redis, "many" + i));
        }
        return many;
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
