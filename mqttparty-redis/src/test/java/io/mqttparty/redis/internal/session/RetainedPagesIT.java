package io.mqttparty.redis.internal.session;

import static io.mqttparty.redis.TestRedis.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.redis.TestRedis;
import io.mqttparty.redis.internal.retained.RedisRetained;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.RetainedStore.Page;
import io.mqttparty.spi.SessionStore.RetainedCursor;
import io.mqttparty.spi.SessionStore.RetainedEnqueued;
import io.mqttparty.spi.SessionStore.RetainedStep;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class RetainedPagesIT {
    private static final RetainedCursor START = cursor("#", "");

    private final TestRedis redis = TestRedis.open();
    private final RedisRetained retained = new RedisRetained(redis.context());
    private final SessionNames names = new SessionNames(1_000);
    private final RetainedPages pages = new RetainedPages(redis.context(), names);
    private final StoredSession session = StoredSession.online(redis, "a");

    @AfterEach
    void close() {
        redis.close();
    }

    @Test // F5
    void allPages_killedBetween_eachTopicOnceAndNothingTrimmed() {
        List<CompletableFuture<?>> open = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            open.add(retained.put(message("d" + i % 100 + "/" + i, "v"), Optional.empty())
                    .toCompletableFuture());
        }
        await(CompletableFuture.allOf(open.toArray(CompletableFuture[]::new)));
        cursors(START);

        Optional<RetainedCursor> cursor = Optional.of(START);
        int count = 0;
        while (cursor.isPresent()) {
            RetainedStep step = stepFrom(cursor.get());
            RetainedEnqueued first = enqueue(step);
            assertThat(enqueue(step)).as("double execution").isEqualTo(first);
            if (++count % 5 == 0) { // the node dies, another goes on with what is stored
                session.connect("node" + count);
            }
            List<RetainedCursor> stored = storedCursors();
            assertThat(stored).isEqualTo(step.next().stream().toList());
            cursor = stored.stream().findFirst();
        }

        assertThat(session.queue()).hasSize(5_000);
        assertThat(session.queue().values().stream().map(Message::topic)).doesNotHaveDuplicates();
        assertThat(session.queue().keySet()).first().isEqualTo(65_536L);
        assertThat(session.queue().keySet()).last().isEqualTo(70_535L);
        assertThat(session.get("rp")).isEmpty();
    }

    @Test // F6
    @Tag("MQTT-3.3.1-8")
    void enqueue_changedSinceItWasFound_takesWhatIsStoredNow() {
        put("a", "old");
        put("b", "removed");
        put("c", "same");
        cursors(START);
        RetainedStep step = stepFrom(START);
        put("a", "new");
        put("b", "");

        RetainedEnqueued answer = enqueue(step);

        assertThat(answer).isEqualTo(new RetainedEnqueued(FenceResult.OK, 65_537));
        assertThat(session.queue().values()).containsExactly(message("a", "new"), message("c", "same"));
    }

    @Test
    @Tag("MQTT-3.8.4-6")
    void enqueue_anyQos_isTheLowerOfStoredAndGranted() {
        for (QoS qos : QoS.values()) {
            await(retained.put(message("t/" + qos.value(), "v").withQos(qos), Optional.empty()));
        }
        cursors(START);

        enqueue(stepFrom(START));

        assertThat(session.queue().values())
                .extracting(Message::qos)
                .containsExactly(QoS.AT_MOST_ONCE, QoS.AT_LEAST_ONCE, QoS.AT_LEAST_ONCE);
        assertThat(session.queue().values()).allMatch(Message::retain);
    }

    @Test
    void enqueue_oneOfSeveralCursors_othersStay() {
        put("b/1", "v");
        RetainedCursor a = cursor("a", "");
        RetainedCursor b = cursor("b/#", "");
        RetainedCursor c = cursor("c/ä/#", "c/ä/€");
        cursors(a, b, c);

        enqueue(new RetainedStep(b, List.of(TopicName.of("b/1")), Optional.of(cursor("b/#", "b/1"))));
        assertThat(storedCursors()).containsExactly(a, cursor("b/#", "b/1"), c);
        enqueue(new RetainedStep(c, List.of(), Optional.empty()));
        enqueue(new RetainedStep(c, List.of(), Optional.empty()));
        assertThat(storedCursors()).containsExactly(a, cursor("b/#", "b/1"));
        assertThat(session.payloads()).containsExactly("v");
    }

    @Test
    void enqueue_otherCursor_changesNothing() {
        put("b", "v");
        cursors(cursor("b", "x"));
        RetainedStep step = new RetainedStep(cursor("b", ""), List.of(TopicName.of("b")), Optional.empty());

        assertThat(enqueue(step)).isEqualTo(new RetainedEnqueued(FenceResult.OK, 65_535));
        assertThat(session.queue()).isEmpty();
        assertThat(storedCursors()).containsExactly(cursor("b", "x"));
    }

    @Test
    void enqueue_staleFence_changesNothing() {
        put("b", "v");
        cursors(START);
        Fence zombie = session.fence();
        session.connect("two");

        assertThat(await(pages.enqueue(zombie, stepFrom(START))).result()).isEqualTo(FenceResult.STALE);
        assertThat(session.queue()).isEmpty();
        assertThat(storedCursors()).containsExactly(START);
    }

    @Test
    void enqueue_wrongBelief_asksAgainOnce() {
        names.learn(session.client(), "other", "other");
        cursors(START);

        assertThat(enqueue(stepFrom(START)).result()).isEqualTo(FenceResult.OK);
        assertThat(names.of(session.client()).incarnation())
                .isEqualTo(session.ref().incarnation().value());
        assertThat(names.of(session.client()).node()).isEqualTo("one");
    }

    @Test
    void enqueue_queueLost_failsAndKeepsTheCursor() {
        put("b", "v");
        cursors(START);
        redis.client().send("DEL", session.queueKey());

        assertThatThrownBy(() -> enqueue(stepFrom(START))).hasCauseInstanceOf(MqttPartyException.class);
        assertThat(storedCursors()).containsExactly(START);
        assertThat(redis.keys()).doesNotContain("{a}:q:one-a");
    }

    private RetainedStep stepFrom(RetainedCursor from) {
        Page page = await(retained.match(from.filter(), from.after(), 256));
        List<TopicName> topics = page.messages().stream().map(Message::topic).toList();
        return new RetainedStep(
                from, topics, page.next().map(after -> new RetainedCursor(from.filter(), from.grant(), after)));
    }

    private RetainedEnqueued enqueue(RetainedStep step) {
        return await(pages.enqueue(session.fence(), step));
    }

    private void cursors(RetainedCursor... cursors) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List.of(cursors).forEach(each -> all.writeBytes(RetainedCursors.encode(each)));
        session.set("rp", all.toByteArray());
    }

    private List<RetainedCursor> storedCursors() {
        byte[][] command = {"HGET".getBytes(), session.key("s").getBytes(), "rp".getBytes()};
        var reply = redis.client().send(command);
        return reply.isNil() ? List.of() : RetainedCursors.decode(reply.bytes());
    }

    private static RetainedCursor cursor(String filter, String after) {
        return new RetainedCursor(TopicFilter.of(filter), QoS.AT_LEAST_ONCE, after);
    }

    private void put(String topic, String payload) {
        await(retained.put(message(topic, payload), Optional.empty()));
    }

    private static Message message(String topic, String payload) {
        return Message.of(topic, payload, QoS.AT_LEAST_ONCE).withRetain(true);
    }
}
