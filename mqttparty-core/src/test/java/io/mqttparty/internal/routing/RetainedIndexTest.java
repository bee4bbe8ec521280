package io.mqttparty.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mqttparty.internal.routing.RetainedIndex.Page;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class RetainedIndexTest {
    private final RetainedIndex index = new RetainedIndex();

    @Test
    void put_sameTopic_replaces() {
        Message first = Message.of("a", "1", QoS.AT_MOST_ONCE);
        Message second = Message.of("a", "2", QoS.AT_MOST_ONCE);

        assertThat(index.put(first)).isEmpty();
        assertThat(index.put(second)).contains(first);
        assertThat(index.get(TopicName.of("a"))).contains(second);
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void remove_topic_forgetsIt() {
        put("a");

        assertThat(index.remove(TopicName.of("b"))).isEmpty();
        assertThat(index.remove(TopicName.of("a"))).isPresent();
        assertThat(index.remove(TopicName.of("a"))).isEmpty();
        assertThat(index.get(TopicName.of("a"))).isEmpty();
        assertThat(index.size()).isZero();
    }

    @Test
    void match_exactFilter_findsTheOne() {
        put("a", "a/b", "a/b/c");

        assertThat(all("a/b", 10)).containsExactly("a/b");
        assertThat(all("x", 10)).isEmpty();
    }

    @Test
    void match_multiLevel_includesTheParentInOrder() {
        put("a", "a-b", "a-b/c", "a/", "a/b", "a/b/c", "a0", "b");

        assertThat(all("a/#", 1)).containsExactly("a", "a/", "a/b", "a/b/c");
        assertThat(all("a/#", 100)).containsExactly("a", "a/", "a/b", "a/b/c");
    }

    @Test
    void match_singleLevel_staysAtItsLevel() {
        put("a", "a/", "a/b", "a/b/c", "a/c", "b/c");

        assertThat(all("a/+", 2)).containsExactly("a/", "a/b", "a/c");
    }

    @Test
    @Tag("MQTT-4.7.2-1")
    void match_leadingWildcard_leavesReservedTopicsOut() {
        put("!", "$SYS/a", "$x", "%", "a");

        assertThat(all("#", 10)).containsExactly("!", "%", "a");
        assertThat(all("+", 1)).containsExactly("!", "%", "a");
        assertThat(all("$SYS/#", 1)).containsExactly("$SYS/a");
    }

    @Test
    @Tag("MQTT-4.7.2-1")
    void match_manyReservedTopics_areSkipped() {
        for (int i = 0; i < 10_000; i++) {
            put("$SYS/" + i);
        }
        put("a");

        assertThat(index.match(TopicFilter.of("#"), "", 1).messages()).hasSize(1);
    }

    @Test
    void match_sharedFilter_usesWhatIsMatched() {
        put("a/b", "$share/g/a");

        assertThat(all("$share/g/a/+", 1)).containsExactly("a/b");
        assertThat(all("$share/g/a/b", 1)).containsExactly("a/b");
    }

    @Test
    void match_manyTopicsNoneMatches_returnsWithMoreToDo() {
        for (int i = 0; i < 1_000; i++) {
            put("a" + i + "/x");
        }
        Page page = index.match(TopicFilter.of("+/y/#"), "", 1);

        assertThat(page.messages()).isEmpty();
        assertThat(page.next()).isPresent();
        assertThat(all("+/y/#", 1)).isEmpty();
    }

    @Test
    void match_bigSubtreesThatCannotMatch_areSkipped() {
        for (int device = 0; device < 3; device++) {
            for (int i = 0; i < 10_000; i++) {
                put("d" + device + "/log/" + i, "d" + device + "/zlog/" + i);
            }
            put("d" + device + "/state");
        }

        assertThat(index.match(TopicFilter.of("+/state"), "", 10).messages()).hasSize(3);
        assertThat(index.match(TopicFilter.of("+/state"), "", 10).next()).isEmpty();
    }

    @Test
    void match_pageFilledByTheLast_isTheLast() {
        put("a/1", "a/2", "b");

        assertThat(index.match(TopicFilter.of("a/+"), "", 2).next()).isEmpty();
        assertThat(index.match(TopicFilter.of("a/+"), "", 1).next()).contains("a/1");
    }

    @Test
    void match_afterBeyondTheRange_isEmpty() {
        put("a", "a/1", "z");

        assertThat(index.match(TopicFilter.of("a/#"), "z", 5)).isEqualTo(new Page(List.of(), Optional.empty()));
        assertThat(index.match(TopicFilter.of("a"), "a", 5)).isEqualTo(new Page(List.of(), Optional.empty()));
    }

    @Test
    void match_changesBetweenPages_goOn() {
        put("a/1", "a/2", "a/3");
        String after = index.match(TopicFilter.of("a/#"), "", 1).next().orElseThrow();
        index.remove(TopicName.of("a/1"));
        put("a/0", "a/15");

        assertThat(topics(index.match(TopicFilter.of("a/#"), after, 10))).containsExactly("a/15", "a/2", "a/3");
    }

    @Test
    void match_deepTopicAndFilter_returns() {
        String deep = "a" + "/".repeat(30_000);
        put(deep);

        assertThat(all("a" + "/+".repeat(30_000), 1)).containsExactly(deep);
        assertThat(all("a" + "/+".repeat(29_999), 1)).isEmpty();
    }

    @Test
    void match_maxOfNone_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> index.match(TopicFilter.of("#"), "", 0))
                .withMessageStartingWith("max: 0");
    }

    private void put(String... topics) {
        for (String topic : topics) {
            index.put(Message.of(topic, "x", QoS.AT_MOST_ONCE));
        }
    }

    private List<String> all(String filter, int max) {
        List<String> found = new ArrayList<>();
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            Page page = index.match(TopicFilter.of(filter), next.get(), max);
            assertThat(page.messages()).hasSizeLessThanOrEqualTo(max);
            found.addAll(topics(page));
            next = page.next();
        }
        return found;
    }

    private static List<String> topics(Page page) {
        return page.messages().stream().map(each -> each.topic().value()).toList();
    }
}
