package io.mqttparty.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.RetainedStore.Page;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract of {@link io.mqttparty.spi.RetainedStore}. */
public abstract class RetainedStoreContract extends BackendContract {
    /** More than any of these tests needs: a cursor that does not move on shall fail, not hang. */
    private static final int MAX_PAGES = 20_000;

    private static final List<String> TOPICS = List.of(
            "a",
            "a b",
            "a!",
            "a!/b",
            "a-b",
            "a/",
            "a/b",
            "a/b/c",
            "a/b/d",
            "a/c",
            "a/c/c",
            "a//c",
            "a0",
            "ab",
            "ab/c",
            "b/b",
            "b/c/d",
            "/",
            "//",
            "/a",
            "/a/b",
            "A",
            "$SYS/a",
            "$SYS/a/b",
            "x/\u00e4/y",
            "x/\u20ac/y");

    // ---- one topic ----

    @Test
    @Tag("MQTT-3.3.1-5")
    void put_message_isStoredWithItsQos() {
        Message message = retainedMessage("a/b", "v").withQos(QoS.EXACTLY_ONCE).withDeadlineMillis(4_102_444_800_000L);

        put(message);

        assertThat(exact("a/b")).contains(message);
    }

    @Test
    @Tag("MQTT-3.3.1-7")
    void put_again_replaces() {
        put(retainedMessage("a", "first"));
        put(retainedMessage("a", "second").withQos(QoS.AT_MOST_ONCE));

        assertThat(exact("a")).contains(retainedMessage("a", "second").withQos(QoS.AT_MOST_ONCE));
    }

    @Test
    @Tag("MQTT-3.3.1-10")
    @Tag("MQTT-3.3.1-11")
    void put_emptyPayload_removes() {
        put(retainedMessage("a", "v"));
        put(retainedMessage("a/b", "w"));

        put(retainedMessage("a", ""));
        put(retainedMessage("a", ""));
        put(retainedMessage("never", ""));

        assertThat(exact("a")).isEmpty();
        assertThat(exact("never")).isEmpty();
        assertThat(matching("#", 10)).containsExactly("a/b");
    }

    @Test
    void exact_unknown_isEmpty() {
        put(retainedMessage("a/b", "v"));

        assertThat(exact("a")).isEmpty();
        assertThat(exact("a/b/c")).isEmpty();
        assertThat(exact("A/b")).isEmpty();
    }

    // ---- filters ----

    @Test
    @Tag("MQTT-3.3.1-6")
    @Tag("MQTT-4.7.2-1")
    void match_anyFilterAndPage_findsWhatTheFilterSelectsInOrder() {
        TOPICS.forEach(topic -> put(retainedMessage(topic, "of " + topic)));

        for (String filter : List.of(
                "#", "+", "a", "a/#", "a/+", "a/+/c", "a/b/#", "+/b", "+/+", "+/b/#", "/#", "/+", "+/+/+", "a/b/c",
                "ab/#", "$SYS/#", "$SYS/+", "+/a", "none", "none/#", "a/b/c/#", "a/b/c/+", "x/+/y", "a!/#", "a//c",
                "a//#")) {
            List<String> expected = TOPICS.stream()
                    .filter(topic -> TopicFilter.of(filter).matches(TopicName.of(topic)))
                    .sorted()
                    .toList();
            for (int max : new int[] {1, 2, 3, 100}) {
                assertThat(matching(filter, max)).as("%s by %s", filter, max).containsExactlyElementsOf(expected);
            }
        }
    }

    @Test
    void match_page_carriesWholeMessagesAtMostSoMany() {
        for (int i = 0; i < 10; i++) {
            put(retainedMessage("t/" + i, "m" + i));
        }

        Page page = await(retained().match(TopicFilter.of("t/+"), "", 4));

        assertThat(page.messages()).hasSizeBetween(1, 4).first().isEqualTo(retainedMessage("t/0", "m0"));
        assertThat(page.next()).isPresent();
    }

    @Test
    void match_cursorWasRemoved_goesOnBehindIt() {
        for (int i = 0; i < 6; i++) {
            put(retainedMessage("t/" + i, "m"));
        }
        Page first = await(retained().match(TopicFilter.of("t/#"), "", 3));
        put(retainedMessage("t/2", ""));

        List<String> rest = matching("t/#", first.next().orElseThrow(), 3);

        assertThat(rest).containsExactly("t/3", "t/4", "t/5");
    }

    @Test
    void match_manyThatDoNotMatch_stillEnds() {
        for (int i = 0; i < 3_000; i++) {
            put(retainedMessage("d/" + i + "/temperature", "m"));
        }
        put(retainedMessage("d/77/alarm", "!"));

        assertThat(matching("d/+/alarm", 100)).containsExactly("d/77/alarm");
        assertThat(matching("+/+/alarm", 100)).containsExactly("d/77/alarm");
        assertThat(matching("d/#", 256)).hasSize(3_001).doesNotHaveDuplicates();
    }

    // ---- publishers ----

    @Test // F12
    void put_ofOwner_isStored() {
        Attached a = connect("a").attach();

        assertThat(put("status", "online", a.fence())).isEqualTo(FenceResult.OK);
        assertThat(put("status", "online", a.fence())).isEqualTo(FenceResult.OK);

        assertThat(exact("status")).isPresent();
    }

    @Test // F12
    void put_ofSupersededConnection_isStaleAndStoresNothing() {
        Attached zombie = connect("a").attach();
        Attached owner = connect("a").at(node2()).attach();
        put("status", "m13", owner.fence());

        assertThat(put("status", "m9", zombie.fence())).isEqualTo(FenceResult.STALE);
        assertThat(put("status", "", zombie.fence())).isEqualTo(FenceResult.STALE);
        await(sessions().detach(owner.fence(), Detach.LOST, 0));
        assertThat(put("status", "m9", zombie.fence())).isEqualTo(FenceResult.STALE);

        assertThat(exact("status")).contains(retainedMessage("status", "m13"));
    }

    @Test
    void put_afterOwnDetach_isStored() {
        Attached a = connect("a").attach();
        await(sessions().detach(a.fence(), Detach.LOST, 0));

        assertThat(put("status", "v", a.fence())).isEqualTo(FenceResult.OK);
    }

    @Test
    void put_afterOwnTransientSession_isStored() {
        Attached a = connect("a").transientSession().attach();
        await(sessions().detach(a.fence(), Detach.CLEAN, 0));

        assertThat(put("status", "v", a.fence())).isEqualTo(FenceResult.OK);
        assertThat(exact("status")).isPresent();
    }

    @Test
    @Tag("MQTT-3.1.2-7")
    void detach_ofPublisher_retainedMessagesStay() {
        Attached a = connect("a").transientSession().attach();
        put("status", "v", a.fence());

        await(sessions().detach(a.fence(), Detach.CLEAN, 0));
        connect("a").transientSession().attach();

        assertThat(exact("status")).isPresent();
    }

    @Test
    void put_manyThreads_oneOfTheLastValuesStays() {
        Race.of(4, thread -> {
            for (int i = 0; i < 100; i++) {
                put(retainedMessage("same", thread + "." + i));
                put(retainedMessage("own/" + thread, i % 2 == 0 ? "v" : ""));
            }
            return true;
        });

        assertThat(exact("same"))
                .hasValueSatisfying(
                        message -> assertThat(message.payload().asUtf8String()).endsWith(".99"));
        assertThat(matching("#", 10)).containsExactly("same");
    }

    private void put(Message message) {
        assertThat(await(retained().put(message, Optional.empty()))).isEqualTo(FenceResult.OK);
    }

    private FenceResult put(String topic, String payload, Fence publisher) {
        return await(retained().put(retainedMessage(topic, payload), Optional.of(publisher)));
    }

    private Optional<Message> exact(String topic) {
        return await(retained().exact(TopicName.of(topic)));
    }

    private List<String> matching(String filter, int max) {
        return matching(filter, "", max);
    }

    private List<String> matching(String filter, String after, int max) {
        int pages = 0;
        List<String> topics = new ArrayList<>();
        Optional<String> cursor = Optional.of(after);
        while (cursor.isPresent()) {
            Page page = await(retained().match(TopicFilter.of(filter), cursor.get(), max));
            assertThat(page.messages()).hasSizeLessThanOrEqualTo(max);
            page.messages().forEach(message -> topics.add(message.topic().value()));
            cursor = page.next();
            assertThat(++pages)
                    .as("pages of %s by %s, at %s", filter, max, cursor)
                    .isLessThan(MAX_PAGES);
        }
        return topics;
    }
}
