package io.mqttparty.redis.internal.session;

import static io.mqttparty.redis.TestRedis.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.redis.TestRedis;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.redis.internal.record.BusRecords;
import io.mqttparty.redis.internal.retained.RedisRetained;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore.Qos2In;
import io.mqttparty.spi.SessionStore.Qos2InState;
import io.mqttparty.spi.SessionStore.Qos2Publish;
import io.mqttparty.spi.SessionStore.Qos2Published;
import io.mqttparty.spi.SessionStore.Qos2Published.Status;
import io.mqttparty.spi.SessionStore.Stored;
import io.mqttparty.spi.SharedTarget;
import io.mqttparty.spi.Targets;
import io.mqttparty.spi.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class InboundQos2IT {
    private static final Message SENT = Message.of("t", "m", QoS.EXACTLY_ONCE);

    private final TestRedis redis = TestRedis.open();
    private final InboundQos2Scripts scripts =
            new InboundQos2Scripts(redis.context(), new Enqueuing(redis.context(), new QueueBytes(redis.context())));
    private StoredSession publisher;
    private StoredSession high;
    private StoredSession low;
    private NodeId node;

    @BeforeEach
    void prepare() {
        publisher = StoredSession.online(redis, "publisher");
        high = StoredSession.offline(redis, "high");
        low = StoredSession.online(redis, "low");
        node = StoredSession.node(redis, "one");
    }

    @AfterEach
    void close() {
        redis.close();
    }

    // ---- once ----

    @Test // F11
    @Tag("MQTT-4.3.3-2")
    void publish_mixedGrantsAndTransientLeg_eachOnceAlsoWhenSentAgain() {
        Qos2Published first = publish(7, 1, targets());
        Qos2Published again = publish(7, 2, targets());

        assertThat(first.status()).isEqualTo(Status.NEW);
        assertThat(first.legs())
                .containsExactly(new Stored(65_536, offline(high), 65_535), new Stored(65_536, at("one", low), 65_535));
        assertThat(again)
                .isEqualTo(new Qos2Published(
                        Status.DUPLICATE,
                        id(1),
                        true,
                        List.of(new Stored(0, offline(high), 0), new Stored(0, at("one", low), 0)),
                        List.of()));
        assertThat(high.queue()).isEqualTo(Map.of(65_536L, SENT));
        assertThat(low.queue()).isEqualTo(Map.of(65_536L, SENT.withQos(QoS.AT_LEAST_ONCE)));
        assertThat(StoredSession.inbox(redis, node)).singleElement().satisfies(entry -> {
            assertThat(entry.getKey()).isEqualTo("one");
            assertThat(entry.getValue()).isEqualTo(BusRecords.pack(new BusRecord.Transmit(SENT)));
        });
    }

    @Test // F10
    void publish_againAfterTakeover_isDuplicate_andTheZombieIsStale() {
        publish(7, 1, targets());
        var zombie = publisher.fence();
        publisher.connect("two");

        assertThat(publish(7, 2, targets()).status()).isEqualTo(Status.DUPLICATE);
        assertThat(await(scripts.step(publisher.fence(), 7, Qos2In.CLEAR))).isEqualTo(FenceResult.OK);
        Qos2Publish late = new Qos2Publish(7, id(1), SENT, targets(), false);
        assertThat(await(scripts.publish(zombie, late)).status()).isEqualTo(Status.STALE);
        assertThat(await(scripts.beginRetained(zombie, late))).isEqualTo(FenceResult.STALE);
        assertThat(await(scripts.step(zombie, 7, Qos2In.DONE))).isEqualTo(FenceResult.STALE);
        assertThat(await(scripts.step(zombie, 7, Qos2In.CLEAR))).isEqualTo(FenceResult.STALE);

        assertThat(high.payloads()).containsExactly("m");
        assertThat(redis.keys()).doesNotContain("{publisher}:i");
    }

    @Test // F26
    void publish_withUpstream_keepsItsIdUntilReleased() {
        Qos2Publish publish = new Qos2Publish(7, id(1), SENT, targets(), true);
        assertThat(await(scripts.publish(publisher.fence(), publish)).upstreamDone())
                .isFalse();
        publisher.connect("two");
        Qos2Published resent =
                await(scripts.publish(publisher.fence(), new Qos2Publish(7, id(2), SENT, targets(), true)));
        assertThat(resent.messageId()).isEqualTo(id(1));
        assertThat(resent.upstreamDone()).isFalse();

        for (int i = 0; i < 2; i++) { // double execution
            assertThat(await(scripts.step(publisher.fence(), 7, Qos2In.DONE))).isEqualTo(FenceResult.OK);
        }
        assertThat(publish(7, 3, targets()).upstreamDone()).isTrue();
        for (int i = 0; i < 2; i++) {
            assertThat(await(scripts.step(publisher.fence(), 7, Qos2In.CLEAR))).isEqualTo(FenceResult.OK);
        }
        assertThat(publish(7, 4, targets()).messageId()).isEqualTo(id(4));
    }

    // ---- retained ----

    @Test
    void beginRetained_twice_writesOnce_thenPublishIsNewOnce() {
        RedisRetained retained = new RedisRetained(redis.context());
        Message message = SENT.withRetain(true);
        Qos2Publish publish = new Qos2Publish(7, id(1), message, targets(), false);
        await(scripts.beginRetained(publisher.fence(), publish));
        await(retained.put(message.withTopic(TopicName.of("t")).withQos(QoS.AT_MOST_ONCE), Optional.empty()));
        await(scripts.beginRetained(publisher.fence(), publish));

        assertThat(await(retained.exact(TopicName.of("t")))).contains(message.withQos(QoS.AT_MOST_ONCE));
        assertThat(entry(7))
                .satisfies(entry -> assertThat(Qos2Entries.state(entry)).isEqualTo(Qos2InState.BEGUN));
        assertThat(publish(7, 2, targets()).messageId()).isEqualTo(id(1));
        assertThat(publish(7, 3, targets()).status()).isEqualTo(Status.DUPLICATE);
        assertThat(high.payloads()).containsExactly("m");
    }

    // ---- targets that are not there ----

    @Test // F25
    void publish_reapedInboxAndEndedSession_makeNoKey() {
        high.delete();
        NodeId gone = new NodeId("gone");
        SharedTarget missed = new SharedTarget(gone, TopicFilter.of("$share/g/t"));
        SharedTarget taken = new SharedTarget(node, TopicFilter.of("$share/g/t"));
        List<String> before = redis.keys();

        Qos2Published answer = publish(
                7, 1, new Targets(List.of(high.leg(QoS.EXACTLY_ONCE)), Set.of(gone, node), List.of(missed, taken)));

        assertThat(answer.legs()).containsExactly(new Stored(-1, Owner.OFFLINE, 0));
        assertThat(answer.missed()).containsExactly(missed);
        assertThat(StoredSession.inbox(redis, node)).hasSize(2);
        assertThat(redis.keys()).hasSize(before.size() + 1).contains("{publisher}:i");
    }

    @Test
    void publish_otherIncarnation_isGone() {
        Leg old = new Leg(new SessionRef(high.client(), new Token("older")), QoS.AT_LEAST_ONCE);

        Qos2Published answer = publish(7, 1, new Targets(List.of(old), Set.of(), List.of()));
        Qos2Published again = publish(7, 1, new Targets(List.of(old), Set.of(), List.of()));

        assertThat(answer.legs()).containsExactly(new Stored(-1, Owner.OFFLINE, 0));
        assertThat(again.legs()).containsExactly(new Stored(0, Owner.OFFLINE, 0));
        assertThat(high.queue()).isEmpty();
    }

    @Test
    void publish_queueLostOrBroken_otherTargetsGetIt() {
        redis.client().send("DEL", high.queueKey());
        redis.client().send("DEL", low.queueKey());
        redis.client().send("SET", low.queueKey(), "not a stream");
        StoredSession third = StoredSession.offline(redis, "third");
        List<Leg> legs = List.of(high.leg(QoS.EXACTLY_ONCE), low.leg(QoS.EXACTLY_ONCE), third.leg(QoS.EXACTLY_ONCE));

        Qos2Published answer = publish(7, 1, new Targets(legs, Set.of(), List.of()));

        assertThat(answer.legs()).extracting(Stored::seq).containsExactly(-1L, -1L, 65_536L);
        assertThat(third.payloads()).containsExactly("m");
    }

    @Test
    void publish_offlineQueueWithALife_keepsIt() {
        redis.client().send("PEXPIRE", high.queueKey(), "600000");

        publish(7, 1, targets());

        assertThat(redis.client().send("PTTL", high.queueKey()).number()).isBetween(1L, 600_000L);
        assertThat(redis.client().send("PTTL", publisher.key("i")).number())
                .as("the exchanges of a connected session")
                .isEqualTo(-1);
    }

    // ---- chunks ----

    @Test
    void publish_thousandsOfLegs_inChunksEachOnce() {
        List<StoredSession> many = many(2_500);
        Targets targets = legs(many);

        Qos2Published answer = publish(7, 1, targets);
        Qos2Published again = publish(7, 2, targets);

        assertThat(new Fanout(redis.context(), SENT, targets).chunks()).isEqualTo(3);
        assertThat(answer.legs()).hasSize(2_500).allMatch(leg -> leg.seq() == 65_536);
        assertThat(again.status()).isEqualTo(Status.DUPLICATE);
        assertThat(again.legs()).hasSize(2_500).allMatch(leg -> leg.seq() == 0);
        assertThat(many).allSatisfy(each -> assertThat(length(each)).isOne());
        many.forEach(StoredSession::delete);
    }

    @Test
    void publish_publisherDiedBetweenChunks_theNextGoesOnWithOtherTargets() {
        List<StoredSession> many = many(2_100);
        Targets first = legs(many);
        int chunks = new Fanout(redis.context(), SENT, first).chunks();
        assertThat(runChunk(first, 0, chunks)).isEqualTo("OK");
        assertThat(runChunk(first, 0, chunks)).isEqualTo("CHUNK"); // double execution
        assertThat(many.stream().filter(each -> length(each) == 1)).hasSizeBetween(600, 800);
        assertThat(Qos2Entries.state(entry(7))).isEqualTo(Qos2InState.BEGUN);

        publisher.connect("two");
        StoredSession newcomer = StoredSession.online(redis, "newcomer");
        List<StoredSession> now = new ArrayList<>(many.subList(0, 900));
        now.add(newcomer);
        Qos2Published answer = publish(7, 2, legs(now));

        assertThat(answer.status()).isEqualTo(Status.NEW);
        assertThat(answer.messageId()).isEqualTo(id(1));
        assertThat(many.subList(0, 900))
                .allSatisfy(each -> assertThat(length(each)).isOne());
        assertThat(length(newcomer)).isLessThanOrEqualTo(1);
        assertThat(publish(7, 3, legs(now)).status()).isEqualTo(Status.DUPLICATE);
        many.forEach(StoredSession::delete);
    }

    @Test
    void publish_releasedBetweenChunks_goesNowhere() {
        List<StoredSession> many = many(20);

        assertThat(runChunk(legs(many), 1, 2)).isEqualTo("GONE");

        assertThat(many).allSatisfy(each -> assertThat(length(each)).isZero());
        assertThat(redis.keys()).doesNotContain("{publisher}:i");
    }

    /** One chunk and no more, as if the node had died behind it; the status. */
    private String runChunk(Targets targets, int index, int chunks) {
        Fanout.Chunk chunk = new Fanout(redis.context(), SENT, targets).chunk(index, chunks);
        Eval call = Eval.of(Script.load(InboundQos2Scripts.class, "qos2_publish"))
                .key(redis.context().keys().session(publisher.client()))
                .key(redis.context().keys().inbound(publisher.client()));
        chunk.keys(call);
        call.arg(publisher.fence().token().value())
                .arg(7)
                .arg(Qos2Entries.bytes(id(1)))
                .arg(Qos2Entries.DONE)
                .arg(index)
                .arg(chunks);
        chunk.arguments(call);
        return await(call.call(
                redis.context().lanes().of(0),
                reply -> reply instanceof byte[]
                        ? "OK"
                        : Reply.text(Reply.list(reply).get(0))));
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

    private Targets targets() {
        return new Targets(List.of(high.leg(QoS.EXACTLY_ONCE), low.leg(QoS.AT_LEAST_ONCE)), Set.of(node), List.of());
    }

    private Qos2Published publish(int packetId, long id, Targets targets) {
        return await(scripts.publish(publisher.fence(), new Qos2Publish(packetId, id(id), SENT, targets, false)));
    }

    private byte[] entry(int packetId) {
        return redis.client()
                .send("HGET", publisher.key("i"), Integer.toString(packetId))
                .bytes();
    }

    private static MessageId id(long number) {
        return new MessageId(number, ~number);
    }

    private static Owner offline(StoredSession session) {
        return new Owner(Optional.empty(), session.fence().epoch());
    }

    private static Owner at(String node, StoredSession session) {
        return new Owner(Optional.of(new NodeId(node)), session.fence().epoch());
    }
}
