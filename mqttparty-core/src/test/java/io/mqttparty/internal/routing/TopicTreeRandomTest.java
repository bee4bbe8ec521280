package io.mqttparty.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tree against a list of all subscriptions that is asked one by one. */
final class TopicTreeRandomTest {
    private static final int STEPS = 18_000;
    private static final int PHASE = 3_000;
    private static final int SUBSCRIBERS = 40;

    private final Random random = Seed.random(this);
    private final RandomTopics topics = new RandomTopics(random);
    private final TopicTree<String, String> tree = new TopicTree<>(random.nextLong());
    private final Map<TopicFilter, Map<String, String>> oracle = new HashMap<>();
    private int oracleSize;

    @Test
    @Tag("MQTT-3.3.2-3")
    @Tag("MQTT-4.7.2-1")
    @Tag("MQTT-3.10.4-1")
    void match_randomSubscriptions_agreesWithTheOracle() {
        for (int step = 0; step < STEPS; step++) {
            boolean grows = step / PHASE % 2 == 0;
            change(random.nextInt(10) < (grows ? 8 : 2));
            if (step % 10 == 0) {
                assertSameMatches(topics.topic());
            }
        }
        removeAll();
        assertThat(tree.size()).isZero();
        assertThat(tree.nodeCount()).isZero();
    }

    private void change(boolean put) {
        TopicFilter filter = topics.filterOrShared();
        String subscriber = "s" + random.nextInt(SUBSCRIBERS);
        if (put) {
            String value = "v" + random.nextInt(100);
            String previous =
                    oracle.computeIfAbsent(filter, f -> new HashMap<>()).put(subscriber, value);
            oracleSize += previous == null ? 1 : 0;
            assertThat(tree.put(filter, subscriber, value)).isEqualTo(previous);
        } else {
            String previous = oracle.getOrDefault(filter, new HashMap<>()).remove(subscriber);
            oracleSize -= previous == null ? 0 : 1;
            assertThat(tree.remove(filter, subscriber)).isEqualTo(previous);
        }
        assertThat(tree.size()).isEqualTo(oracleSize);
    }

    private void assertSameMatches(TopicName topic) {
        List<String> expected = new ArrayList<>();
        oracle.forEach((filter, subscribers) -> {
            if (!subscribers.isEmpty() && filter.matches(topic)) {
                if (filter.isShared()) {
                    expected.add(filter.shareGroup().orElseThrow() + ":"
                            + String.join(",", new TreeSet<>(subscribers.keySet())));
                } else {
                    subscribers.forEach((subscriber, value) -> expected.add(subscriber + "=" + value));
                }
            }
        });
        List<String> found = Matches.of(tree, topic.value());
        expected.sort(null);
        found.sort(null);
        assertThat(found).as(topic.value()).isEqualTo(expected);
    }

    private void removeAll() {
        oracle.forEach((filter, subscribers) -> subscribers.keySet().forEach(each -> tree.remove(filter, each)));
    }
}
