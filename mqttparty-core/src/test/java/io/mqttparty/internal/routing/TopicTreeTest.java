package io.mqttparty.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.TopicFilter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TopicTreeTest {
    private final TopicTree<String, String> tree = new TopicTree<>(42);

    @ParameterizedTest
    @Tag("MQTT-3.3.2-3")
    @CsvSource({
        "a, a",
        "a/b, a/b",
        "/, /",
        "/a, /a",
        "a//b, a//b",
        "+, a",
        "+/+, /a",
        "/+, /a",
        "+/b, a/b",
        "a/+, a/b",
        "a/+, a/",
        "a/+/c, a//c",
        "a/+/+, a//",
        "#, a",
        "#, /",
        "#, a/b/c",
        "a/#, a",
        "a/#, a/",
        "a/#, a/b/c/d",
        "a//#, a/",
        "+/#, a",
        "+/#, /a/b",
        "a/+/#, a/b",
        "a/+/#, a/b/c",
        "a/+/c/#, a/b/c",
        "$SYS/#, $SYS",
        "$SYS/#, $SYS/x",
        "$SYS/+, $SYS/x",
        "$SYS/x, $SYS/x",
        "a/$x/+, a/$x/b",
        "+/$x, a/$x"
    })
    void match_topicThatFits_isReported(String filter, String topic) {
        subscribe(filter);

        assertThat(Matches.of(tree, topic)).containsExactly("s=" + filter);
    }

    @ParameterizedTest
    @Tag("MQTT-3.3.2-3")
    @CsvSource({
        "a, b",
        "a, a/",
        "a, /a",
        "a/b, a",
        "a/b, a//b",
        "+, /a",
        "+, a/b",
        "+/b, /a",
        "a/+, a",
        "a/+, a/b/c",
        "a/+, ab/c",
        "a/+/c, a/c",
        "a/#, ab",
        "a/#, /a",
        "a//#, a",
        "+/+/#, a",
        "a/+/#, a"
    })
    void match_topicThatDoesNotFit_isNotReported(String filter, String topic) {
        subscribe(filter);

        assertThat(Matches.of(tree, topic)).isEmpty();
    }

    @ParameterizedTest
    @Tag("MQTT-4.7.2-1")
    @CsvSource({
        "#, $SYS",
        "#, $SYS/x",
        "+/x, $SYS/x",
        "+, $x",
        "+/#, $SYS/x",
        "$share/g/#, $SYS/x",
        "$share/g/+/x, $SYS/x"
    })
    void match_reservedTopicWithLeadingWildcard_isNotReported(String filter, String topic) {
        subscribe(filter);

        assertThat(Matches.of(tree, topic)).isEmpty();
    }

    @ParameterizedTest
    @Tag("MQTT-4.7.3-4")
    @CsvSource({
        "ACCOUNTS, Accounts",
        "a/B/+, a/b/c",
        "\u00e9, e\u0301",
        "\u00e9/+, e\u0301/x",
        "\u212b, \u00c5",
        "a\ufeff, a",
        "a/\ufeff/#, a//b"
    })
    void match_topicsThatOnlyLookAlike_areDistinct(String filter, String topic) {
        subscribe(filter);

        assertThat(Matches.of(tree, topic)).isEmpty();
        assertThat(Matches.of(tree, filter.replace('+', 'x').replace("#", "x"))).hasSize(1);
    }

    @Test
    @Tag("MQTT-4.7.3-4")
    void match_charactersBeyondLatin_areCompared() {
        subscribe("\u6e29\u5ea6/+/\ud83d\ude00");

        assertThat(Matches.of(tree, "\u6e29\u5ea6/1/\ud83d\ude00")).hasSize(1);
        assertThat(Matches.of(tree, "\u6e29\u5ea6/1/\ud83d\ude01")).isEmpty();
    }

    @Test
    void match_overlappingFilters_reportsEach() {
        subscribe("a/b");
        subscribe("a/+");
        subscribe("a/#");
        subscribe("#");

        assertThat(Matches.of(tree, "a/b")).containsExactlyInAnyOrder("s=a/b", "s=a/+", "s=a/#", "s=#");
    }

    @Test
    void put_equalFilterAndSubscriber_replacesTheValue() {
        assertThat(tree.put(TopicFilter.of("a/+"), "s", "old")).isNull();
        assertThat(tree.put(TopicFilter.of("a/+"), "s", "new")).isEqualTo("old");

        assertThat(Matches.of(tree, "a/b")).containsExactly("s=new");
        assertThat(tree.size()).isEqualTo(1);
    }

    @Test
    void put_sameFilterTwoSubscribers_reportsBoth() {
        tree.put(TopicFilter.of("a"), "one", "1");
        tree.put(TopicFilter.of("a"), "two", "2");

        assertThat(Matches.of(tree, "a")).containsExactlyInAnyOrder("one=1", "two=2");
    }

    @ParameterizedTest
    @Tag("MQTT-3.10.4-1")
    @CsvSource({
        "a/+, a/b",
        "a/b, a/+",
        "a/#, a/b",
        "a, A",
        "a/#, a",
        "#, +",
        "\u00e9, e\u0301",
        "$share/g/a, a",
        "$share/g/a, $share/h/a"
    })
    void remove_filterThatIsNotEqual_removesNothing(String subscribed, String removed) {
        subscribe(subscribed);
        long version = tree.version();

        assertThat(tree.remove(TopicFilter.of(removed), "s")).isNull();
        assertThat(tree.size()).isEqualTo(1);
        assertThat(tree.version()).isEqualTo(version);
    }

    @ParameterizedTest
    @Tag("MQTT-3.10.4-1")
    @CsvSource({"a, a", "a/b, a/b", "a/+, a/b", "a/#, a", "#, a", "+, a", "$share/g/a, a", "$share/g/a/+/#, a/b"})
    void remove_equalFilter_endsTheSubscription(String filter, String topic) {
        subscribe(filter);

        assertThat(tree.remove(TopicFilter.of(filter), "s")).isEqualTo(filter);
        assertThat(Matches.of(tree, topic)).isEmpty();
        assertThat(tree.size()).isZero();
        assertThat(tree.nodeCount()).isZero();
    }

    @Test
    void remove_ofAnotherSubscriber_leavesTheOthers() {
        tree.put(TopicFilter.of("a/+"), "one", "1");
        tree.put(TopicFilter.of("a/+"), "two", "2");

        assertThat(tree.remove(TopicFilter.of("a/+"), "three")).isNull();
        assertThat(tree.remove(TopicFilter.of("a/+"), "one")).isEqualTo("1");
        assertThat(Matches.of(tree, "a/b")).containsExactly("two=2");
    }

    @Test
    void remove_nodeWithChildren_keepsThem() {
        subscribe("a/+");
        subscribe("a/+/c");
        int nodes = tree.nodeCount();

        tree.remove(TopicFilter.of("a/+"), "s");

        assertThat(Matches.of(tree, "a/b/c")).containsExactly("s=a/+/c");
        assertThat(tree.nodeCount()).isEqualTo(nodes);
    }

    @Test
    void version_eachChange_changes() {
        long empty = tree.version();
        subscribe("a");
        long added = tree.version();
        subscribe("a");
        long replaced = tree.version();
        tree.remove(TopicFilter.of("a"), "s");

        assertThat(List.of(empty, added, replaced, tree.version())).doesNotHaveDuplicates();
    }

    @Test
    void match_changesNoVersion() {
        subscribe("a/#");
        long version = tree.version();

        Matches.of(tree, "a/b");

        assertThat(tree.version()).isEqualTo(version);
    }

    private void subscribe(String filter) {
        tree.put(TopicFilter.of(filter), "s", filter);
    }
}
