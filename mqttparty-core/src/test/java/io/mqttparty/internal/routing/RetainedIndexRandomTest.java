package io.mqttparty.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.internal.routing.RetainedIndex.Page;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The index against a sorted map of which every topic is asked. */
final class RetainedIndexRandomTest {
    private static final int STEPS = 20_000;

    private final Random random = Seed.random(this);
    private final RandomTopics topics = new RandomTopics(random);
    private final RetainedIndex index = new RetainedIndex();
    private final TreeMap<String, Message> oracle = new TreeMap<>();

    @Test
    @Tag("MQTT-3.3.2-3")
    @Tag("MQTT-4.7.2-1")
    void match_randomTopics_agreesWithTheOracle() {
        for (int step = 0; step < STEPS; step++) {
            change(topics.topic());
            if (step % 10 == 0) {
                assertSameMatches(random.nextInt(8) == 0 ? topics.filterOrShared() : topics.filter());
            }
        }
        assertThat(index.size()).isEqualTo(oracle.size());
    }

    private void change(TopicName topic) {
        if (random.nextInt(3) > 0) {
            Message message = Message.of(topic.value(), "x", QoS.AT_MOST_ONCE);
            assertThat(index.put(message)).isEqualTo(Optional.ofNullable(oracle.put(topic.value(), message)));
        } else {
            assertThat(index.remove(topic)).isEqualTo(Optional.ofNullable(oracle.remove(topic.value())));
        }
    }

    private void assertSameMatches(TopicFilter filter) {
        List<Message> expected = oracle.values().stream()
                .filter(each -> filter.matches(each.topic()))
                .toList();
        int max = 1 + random.nextInt(10);
        List<Message> found = new ArrayList<>();
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            Page page = index.match(filter, next.get(), max);
            assertThat(page.messages()).hasSizeLessThanOrEqualTo(max);
            found.addAll(page.messages());
            next = page.next();
        }
        assertThat(found).as(filter.value()).isEqualTo(expected);
    }
}
