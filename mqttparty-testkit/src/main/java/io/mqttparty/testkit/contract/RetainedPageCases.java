package io.mqttparty.testkit.contract;

import static io.mqttparty.testkit.contract.BackendContract.payloads;
import static io.mqttparty.testkit.contract.BackendContract.retainedMessage;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.RetainedCursor;
import io.mqttparty.spi.SessionStore.RetainedEnqueued;
import io.mqttparty.spi.SessionStore.RetainedStep;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Retained messages of new subscriptions go through the queue, page by page, and none twice (F5). */
abstract class RetainedPageCases {
    private static final RetainedCursor START = cursor("r/+", QoS.AT_LEAST_ONCE, "");

    private final BackendContract c;

    RetainedPageCases(BackendContract contract) {
        this.c = contract;
    }

    // ---- cursors ----

    @Test
    @Tag("MQTT-3.3.1-6")
    void subscribe_qos1And2_haveACursor() {
        Attached a = c.connect("a").attach();

        c.subscribe(
                a.fence(),
                Subscription.of("r/+", QoS.AT_LEAST_ONCE),
                Subscription.of("s", QoS.EXACTLY_ONCE),
                Subscription.of("t", QoS.AT_MOST_ONCE));

        assertThat(resumed().retained()).containsExactlyInAnyOrder(START, cursor("s", QoS.EXACTLY_ONCE, ""));
    }

    @Test
    @Tag("MQTT-3.8.4-3")
    void subscribe_sameFilter_startsAgainWithTheNewGrant() {
        Attached a = subscribed();
        page(a, START, List.of("r/1"), "r/1");

        c.subscribe(a.fence(), Subscription.of("r/+", QoS.EXACTLY_ONCE));

        assertThat(resumed().retained()).containsExactly(cursor("r/+", QoS.EXACTLY_ONCE, ""));
    }

    @Test
    void unsubscribe_withCursor_dropsIt() {
        Attached a = subscribed();

        c.unsubscribe(a.fence(), "r/+");

        assertThat(resumed().retained()).isEmpty();
    }

    @Test
    void subscribe_loweredToQos0_dropsTheCursor() {
        Attached a = subscribed();

        c.subscribe(a.fence(), Subscription.of("r/+", QoS.AT_MOST_ONCE));

        assertThat(resumed().retained()).isEmpty();
    }

    // ---- pages ----

    @Test
    @Tag("MQTT-3.3.1-8")
    @Tag("MQTT-3.8.4-6")
    void enqueueRetained_page_queuesWithTheFlagAtTheLowerQos() {
        put(retainedMessage("r/0", "zero").withQos(QoS.AT_MOST_ONCE));
        put(retainedMessage("r/1", "one"));
        put(retainedMessage("r/2", "two").withQos(QoS.EXACTLY_ONCE));
        Attached a = subscribed();

        RetainedEnqueued answer = page(a, START, List.of("r/0", "r/1", "r/2"), null);

        List<Queued> queue = c.queue(a);
        assertThat(answer.result()).isEqualTo(FenceResult.OK);
        assertThat(answer.lastSeq()).isEqualTo(a.lastSeq() + 3);
        assertThat(payloads(queue)).containsExactly("zero", "one", "two");
        assertThat(queue)
                .extracting(each -> each.message().qos())
                .containsExactly(QoS.AT_MOST_ONCE, QoS.AT_LEAST_ONCE, QoS.AT_LEAST_ONCE);
        assertThat(queue).allMatch(each -> each.message().retain());
        assertThat(resumed().retained()).isEmpty();
    }

    @Test
    void enqueueRetained_again_queuesNothing() {
        put(retainedMessage("r/1", "one"));
        Attached a = subscribed();
        RetainedEnqueued first = page(a, START, List.of("r/1"), "r/1");

        RetainedEnqueued again = page(a, START, List.of("r/1"), "r/1");

        assertThat(again).isEqualTo(first);
        assertThat(payloads(c.queue(a))).containsExactly("one");
    }

    @Test
    void enqueueRetained_lastPageAgain_queuesNothing() {
        put(retainedMessage("r/1", "one"));
        Attached a = subscribed();
        page(a, START, List.of("r/1"), null);

        page(a, START, List.of("r/1"), null);

        assertThat(payloads(c.queue(a))).containsExactly("one");
    }

    @Test // F5
    void enqueueRetained_ownerDiesBetweenPages_theNextGoesOn() {
        put(retainedMessage("r/1", "one"));
        put(retainedMessage("r/2", "two"));
        Attached first = subscribed();
        page(first, START, List.of("r/1"), "r/1");
        c.await(c.sessions().detach(first.fence(), Detach.LOST, 0));

        Attached second = c.connect("a").at(c.node2()).attach();
        RetainedCursor cursor = cursor("r/+", QoS.AT_LEAST_ONCE, "r/1");
        assertThat(second.retained()).containsExactly(cursor);
        page(second, cursor, List.of("r/2"), null);

        assertThat(payloads(c.queue(second))).containsExactly("one", "two");
        assertThat(resumed().retained()).isEmpty();
    }

    @Test // F6
    void enqueueRetained_changedMeanwhile_queuesWhatIsStoredNow() {
        put(retainedMessage("r/1", "old"));
        put(retainedMessage("r/2", "removed"));
        Attached a = subscribed();
        put(retainedMessage("r/1", "new"));
        put(retainedMessage("r/2", ""));

        page(a, START, List.of("r/1", "r/2", "r/never"), null);

        assertThat(payloads(c.queue(a))).containsExactly("new");
    }

    @Test
    void enqueueRetained_otherCursor_changesNothing() {
        put(retainedMessage("r/1", "one"));
        Attached a = subscribed();

        page(a, cursor("r/+", QoS.AT_LEAST_ONCE, "r/0"), List.of("r/1"), null);
        page(a, cursor("r/+", QoS.EXACTLY_ONCE, ""), List.of("r/1"), null);
        page(a, cursor("r/#", QoS.AT_LEAST_ONCE, ""), List.of("r/1"), null);

        assertThat(c.queue(a)).isEmpty();
        assertThat(resumed().retained()).containsExactly(START);
    }

    @Test
    void enqueueRetained_emptyPage_movesOn() {
        Attached a = subscribed();

        RetainedEnqueued answer = page(a, START, List.of(), null);

        assertThat(answer.lastSeq()).isEqualTo(a.lastSeq());
        assertThat(resumed().retained()).isEmpty();
    }

    @Test // F5
    void enqueueRetained_allPagesOfTheStore_queueEachMatchOnce() {
        int topics = BackendContract.QUEUE_MESSAGES - 1;
        for (int i = 0; i < topics; i++) {
            put(retainedMessage("r/%03d".formatted(i), "m" + i));
        }
        put(retainedMessage("other", "not matched"));
        Attached a = subscribed();

        Optional<RetainedCursor> cursor = Optional.of(START);
        while (cursor.isPresent()) {
            RetainedCursor from = cursor.get();
            var page = c.await(c.retained().match(from.filter(), from.after(), 17));
            cursor = page.next().map(after -> new RetainedCursor(from.filter(), from.grant(), after));
            List<TopicName> matched =
                    page.messages().stream().map(Message::topic).toList();
            RetainedStep step = new RetainedStep(from, matched, cursor);
            c.await(c.sessions().enqueueRetained(a.fence(), step));
            c.await(c.sessions().enqueueRetained(a.fence(), step));
        }

        assertThat(payloads(c.queue(a))).hasSize(topics).doesNotHaveDuplicates();
    }

    private Attached subscribed() {
        Attached attached = c.connect("a").attach();
        c.subscribe(attached.fence(), Subscription.of("r/+", QoS.AT_LEAST_ONCE));
        return attached;
    }

    private Attached resumed() {
        return c.connect("a").attach();
    }

    private void put(Message message) {
        assertThat(c.await(c.retained().put(message, Optional.empty()))).isEqualTo(FenceResult.OK);
    }

    private RetainedEnqueued page(Attached session, RetainedCursor from, List<String> topics, @Nullable String next) {
        return c.await(c.sessions()
                .enqueueRetained(
                        session.fence(),
                        new RetainedStep(
                                from,
                                topics.stream().map(TopicName::of).toList(),
                                Stream.ofNullable(next)
                                        .map(after -> new RetainedCursor(from.filter(), from.grant(), after))
                                        .findFirst())));
    }

    private static RetainedCursor cursor(String filter, QoS grant, String after) {
        return new RetainedCursor(TopicFilter.of(filter), grant, after);
    }
}
