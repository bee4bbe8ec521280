package io.mqttparty.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TopicHashTest {
    private final TopicHash hash = new TopicHash(42);

    @Test
    void of_rangeOfALongerText_isThatOfTheRangeAlone() {
        String text = "first/sec\u00f6nd/third";

        for (int from = 0; from < text.length(); from++) {
            for (int to = from; to <= text.length(); to++) {
                assertThat(hash.of(text, from, to)).isEqualTo(hash.of(text.substring(from, to), 0, to - from));
            }
        }
    }

    @Test
    void below_manyLevels_hardlyCollides() {
        Set<Integer> hashes = new HashSet<>();
        Set<Integer> lowBits = new HashSet<>();
        for (int i = 0; i < 50_000; i++) {
            int below = hash.below(1, hash.of("d" + i, 0, ("d" + i).length()));
            hashes.add(below);
            lowBits.add(below & 0xFFFF);
        }

        assertThat(hashes).hasSizeGreaterThan(49_990);
        assertThat(lowBits).hasSizeBetween(34_000, 36_500); // 65,536 * (1 - e^(-50,000 / 65,536)) = 34,980
    }

    @Test
    void of_stringsThatCollideInHashCode_differs() {
        assertThat("AaBB".hashCode()).isEqualTo("BBAa".hashCode());
        assertThat(hash.of("AaBB", 0, 4)).isNotEqualTo(hash.of("BBAa", 0, 4));
    }

    @Test
    void of_anotherSeed_differs() {
        assertThat(new TopicHash(43).of("topic", 0, 5)).isNotEqualTo(hash.of("topic", 0, 5));
    }
}
