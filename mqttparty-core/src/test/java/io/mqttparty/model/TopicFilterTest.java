package io.mqttparty.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicFilterTest {
    /** The examples of sections 4.7.1 to 4.7.3 and their neighbours. */
    @ParameterizedTest
    @CsvSource({
        "sport/tennis/player1/#, sport/tennis/player1",
        "sport/tennis/player1/#, sport/tennis/player1/ranking",
        "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon",
        "sport/#, sport",
        "#, sport/tennis",
        "#, /",
        "sport/tennis/+, sport/tennis/player1",
        "sport/tennis/+, sport/tennis/",
        "sport/+, sport/",
        "+/+, /finance",
        "/+, /finance",
        "+/tennis/#, sport/tennis",
        "+, a",
        "a//b, a//b",
        "a/+/b, a//b",
        "$SYS/#, $SYS/x",
        "$SYS/monitor/+, $SYS/monitor/Clients",
        "$share/g/a/+, a/b",
        "$share/g//a, /a",
        "a/$x, a/$x",
        "+/$x, a/$x"
    })
    void topic_selected_matches(String filter, String topic) {
        assertThat(matches(filter, topic)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "sport/tennis/+, sport/tennis/player1/ranking",
        "sport/+, sport",
        "sport/#, sports",
        "+, /finance",
        "+, a/b",
        "a/+, a",
        "a, A",
        "a, a/",
        "a/, a",
        "/a, a",
        "a/b, a/bc",
        "a/+/b, a/b"
    })
    @Tag("MQTT-3.3.2-3")
    void topic_notSelected_doesNotMatch(String filter, String topic) {
        assertThat(matches(filter, topic)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "#, $SYS",
        "#, $SYS/x",
        "+/monitor/Clients, $SYS/monitor/Clients",
        "+/#, $SYS/x",
        "+, $SYS",
        "$share/g/#, $SYS/x"
    })
    @Tag("MQTT-4.7.2-1")
    void topic_thatStartsWithDollar_isMatchedByNoLeadingWildcard(String filter, String topic) {
        assertThat(matches(filter, topic)).isFalse();
    }

    @Test
    @Tag("MQTT-4.7.3-4")
    void topic_composedOtherwise_doesNotMatch() {
        assertThat(matches("\u00FC", "u\u0308")).isFalse();
        assertThat(TopicFilter.of("\u00FC")).isNotEqualTo(TopicFilter.of("u\u0308"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a#", "#/a", "a/#/b", "##", "a/b#", "$share/g/#/a"})
    @Tag("MQTT-4.7.1-2")
    void hash_notAloneInTheLastLevel_isRefused(String filter) {
        checkRefused(filter, "MQTT-4.7.1-2", "'#' alone in the last level");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a+", "+a", "a/+b/c", "++", "$share/g/a+"})
    @Tag("MQTT-4.7.1-3")
    void plus_notAloneInItsLevel_isRefused(String filter) {
        checkRefused(filter, "MQTT-4.7.1-3", "'+' alone in its level");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$share",
                "$share/",
                "$share/g",
                "$share/g/",
                "$share//a",
                "$share/+/a",
                "$share/g#/a",
                "$share/#"
            })
    void shared_illFormed_isRefused(String filter) {
        checkRefused(filter, "4.8.2", "$share/group/filter");
    }

    @Test
    @Tag("MQTT-4.7.3-1")
    void empty_isRefused() {
        checkRefused("", "MQTT-4.7.3-1", "at least one character");
    }

    @Test
    @Tag("MQTT-4.7.3-2")
    @Tag("MQTT-4.7.3-3")
    void text_thatCannotBeOnTheWire_isTheCallersFault() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicFilter.of("a\0b"))
                .withMessageContaining("U+0000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicFilter.of("a".repeat(65_536)))
                .withMessageContaining("65535");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicFilter.of("a\uD800"))
                .withMessageContaining("surrogate");
        assertThat(TopicFilter.of("a".repeat(65_535)).levels()).hasSize(1);
    }

    @Test
    void shared_wellFormed_tellsItsParts() {
        TopicFilter filter = TopicFilter.of("$share/group/a/+");
        assertThat(filter.isShared()).isTrue();
        assertThat(filter.shareGroup()).contains("group");
        assertThat(filter.matchedValue()).isEqualTo("a/+");
        assertThat(filter.value()).isEqualTo("$share/group/a/+");
        assertThat(filter.levels()).containsExactly("a", "+");
        assertThat(filter.hasWildcard()).isTrue();
    }

    @Test
    void plain_tellsItsParts() {
        TopicFilter filter = TopicFilter.fromPeer("$shared/a/");
        assertThat(filter.isShared()).isFalse();
        assertThat(filter.shareGroup()).isEmpty();
        assertThat(filter.matchedValue()).isEqualTo("$shared/a/");
        assertThat(filter.levels()).containsExactly("$shared", "a", "");
        assertThat(filter.hasWildcard()).isFalse();
        assertThat(filter).isEqualTo(TopicFilter.of("$shared/a/")).hasSameHashCodeAs(TopicFilter.of("$shared/a/"));
        assertThat(filter).hasToString("$shared/a/");
    }

    @ParameterizedTest
    @CsvSource({
        "#, a/b",
        "#, a/+",
        "#, #",
        "#, +/#",
        "+/#, #",
        "a/#, a",
        "a/#, a/b/#",
        "a/#, a/+/c",
        "a/+, a/+",
        "a/+, a/b",
        "+/+, a/+",
        "a/b, a/b",
        "$SYS/#, $SYS/a",
        "a/#, $share/g/a/b",
        "$share/g/a/#, a/b",
        "+/b/#, a/b/c/d"
    })
    void filter_withinTheOther_isCovered(String filter, String other) {
        assertThat(covers(filter, other)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, #",
        "a/b, a/+",
        "a/+, a/#",
        "+, #",
        "+/+, #",
        "+/+/#, #",
        "a/+/#, a/#",
        "+/b, #",
        "a/b, a/#",
        "a, a/b",
        "a/b, a",
        "#, $SYS/#",
        "+/a, $SYS/a",
        "#, $share/g/$SYS/#",
        "a/+/c, a/#",
        "b/#, a/#"
    })
    void filter_notWithinTheOther_isNotCovered(String filter, String other) {
        assertThat(covers(filter, other)).isFalse();
    }

    /** Over all filters and topics of up to three levels from a small alphabet: covers means exactly what its Javadoc says. */
    @Test
    void covers_comparedWithAllTopics_agrees() {
        List<TopicFilter> filters = paths(List.of("a", "b", "+", "$a"), List.of("a", "b", "+", "#"));
        List<TopicName> topics =
                paths(4, List.of("a", "b", "c", "$a", "$c")).map(TopicName::of).toList();
        for (TopicFilter filter : filters) {
            for (TopicFilter other : filters) {
                boolean all = topics.stream().filter(other::matches).allMatch(filter::matches);
                if (filter.covers(other) != all) {
                    throw new AssertionError(filter + " covers " + other + ": " + all + " expected");
                }
            }
        }
    }

    @Test
    void matches_comparedWithARegularExpression_agrees() {
        Random random = new Random(42);
        List<TopicFilter> filters = paths(List.of("a", "", "+"), List.of("a", "", "+", "#"));
        List<TopicName> topics = paths(4, List.of("a", "", "b"))
                .filter(topic -> !topic.isEmpty())
                .map(TopicName::of)
                .toList();
        IntStream.range(0, 20_000).forEach(i -> {
            TopicFilter filter = filters.get(random.nextInt(filters.size()));
            TopicName topic = topics.get(random.nextInt(topics.size()));
            String regex =
                    filter.value().replace("+", "[^/]*").replace("/#", "(/.*)?").replace("#", ".*");
            if (filter.matches(topic) != topic.value().matches(regex)) {
                throw new AssertionError(filter + " and " + topic);
            }
        });
    }

    private static List<TopicFilter> paths(List<String> levels, List<String> lastLevels) {
        return Stream.concat(
                        lastLevels.stream(),
                        paths(2, levels).flatMap(start -> lastLevels.stream().map(last -> start + "/" + last)))
                .filter(filter -> !filter.isEmpty())
                .map(TopicFilter::of)
                .toList();
    }

    private static Stream<String> paths(int depth, List<String> levels) {
        return depth == 1
                ? levels.stream()
                : Stream.concat(
                        levels.stream(),
                        paths(depth - 1, levels)
                                .flatMap(start -> levels.stream().map(level -> start + "/" + level)));
    }

    private static void checkRefused(String filter, String clause, String rule) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicFilter.of(filter))
                .withMessage("topicFilter: " + filter + " (expected: " + rule + ")");
        MalformedPacketException malformed =
                catchThrowableOfType(MalformedPacketException.class, () -> TopicFilter.fromPeer(filter));
        assertThat(malformed.clause()).isEqualTo(clause);
        assertThat(malformed.reasonCode()).isEqualTo(ReasonCode.TOPIC_FILTER_INVALID);
        assertThat(malformed.getStackTrace()).isEmpty();
    }

    private static boolean matches(String filter, String topic) {
        return TopicFilter.of(filter).matches(TopicName.of(topic));
    }

    private static boolean covers(String filter, String other) {
        return TopicFilter.of(filter).covers(TopicFilter.of(other));
    }
}
