package io.mqttparty.internal.routing;

import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import java.util.Random;

/** Topics and filters over a small alphabet, so that they meet. */
final class RandomTopics {
    private static final int MAX_LEVELS = 5;
    /** With characters that stand before and behind the separator, and beyond the first plane. */
    private static final String[] LITERALS = {"a", "b", "", "ab", "a-b", "a0", "$", "$S", "\u00e9", "\ud83d\ude00"};

    private final Random random;

    RandomTopics(Random random) {
        this.random = random;
    }

    TopicName topic() {
        String text = levels(1 + random.nextInt(MAX_LEVELS), 0);
        return text.isEmpty() ? topic() : TopicName.of(text);
    }

    TopicFilter filter() {
        String text = levels(1 + random.nextInt(MAX_LEVELS), 3);
        if (random.nextInt(4) == 0) {
            text = text.substring(0, text.lastIndexOf('/') + 1) + "#";
        }
        return text.isEmpty() ? filter() : TopicFilter.of(text);
    }

    TopicFilter filterOrShared() {
        TopicFilter filter = filter();
        return random.nextInt(4) == 0 ? TopicFilter.of("$share/g" + random.nextInt(3) + "/" + filter.value()) : filter;
    }

    private String levels(int count, int wildcardsOfTen) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            String level = random.nextInt(10) < wildcardsOfTen ? "+" : LITERALS[literal()];
            text.append(i == 0 ? "" : "/").append(level);
        }
        return text.toString();
    }

    private int literal() {
        return random.nextBoolean() ? random.nextInt(3) : random.nextInt(LITERALS.length);
    }
}
