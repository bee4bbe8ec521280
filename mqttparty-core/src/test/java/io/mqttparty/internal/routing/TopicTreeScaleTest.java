package io.mqttparty.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Costs that must not grow with the number of neighbours; ratios within one run, with room for the caches of the processor. */
final class TopicTreeScaleTest {
    private static final int FEW = 10_000;
    private static final int MANY = 1_000_000;
    private static final int SAMPLE = 10_000;
    private static final int MAX_RATIO = 8;

    private final TopicTree<Integer, Integer> tree = new TopicTree<>(42);

    @Test
    void change_amongAMillionSiblings_costsAsAmongFew() {
        assertFlat(i -> TopicFilter.of("d/" + i + "/+"), i -> 0);
    }

    @Test
    void change_amongAMillionExactFilters_costsAsAmongFew() {
        assertFlat(i -> TopicFilter.of("d/" + i), i -> 0);
    }

    @Test
    void change_amongAMillionSubscribersOfOneFilter_costsAsAmongFew() {
        TopicFilter filter = TopicFilter.of("d/+");
        assertFlat(i -> filter, i -> i);
    }

    @Test
    void change_amongAHundredThousandMembersOfAGroup_costsAsAmongFew() {
        TopicFilter filter = TopicFilter.of("$share/g/d/+");
        fill(0, FEW, i -> filter, i -> i);
        long few = sampleNanos(i -> filter, i -> i);
        fill(FEW, 100_000, i -> filter, i -> i);

        assertThat(sampleNanos(i -> filter, i -> i)).isLessThan(few * MAX_RATIO);
    }

    @Test
    void match_deepTopicAndFilters_returns() {
        String deep = "a/".repeat(30_000);
        List<TopicFilter> filters = List.of(
                TopicFilter.of(deep),
                TopicFilter.of("+/".repeat(30_000) + "+"),
                TopicFilter.of(deep + "#"),
                TopicFilter.of("/".repeat(65_535)),
                TopicFilter.of("/".repeat(65_534) + "#"));
        filters.forEach(each -> tree.put(each, 1, 1));

        assertThat(matchCount(deep)).isEqualTo(3);
        assertThat(matchCount("/".repeat(65_535))).isEqualTo(2);
        filters.forEach(each -> assertThat(tree.remove(each, 1)).isEqualTo(1));
        assertThat(tree.nodeCount()).isZero();
    }

    @Test
    void match_allCombinationsOfWildcards_isBoundedByTheFilters() {
        int levels = 14;
        for (int bits = 0; bits < 1 << levels; bits++) {
            StringBuilder filter = new StringBuilder();
            for (int level = 0; level < levels; level++) {
                filter.append(level == 0 ? "" : "/").append((bits >> level & 1) == 0 ? "+" : "a");
            }
            tree.put(TopicFilter.of(filter.toString()), 1, bits);
        }

        assertThat(matchCount("a" + "/a".repeat(levels - 1))).isEqualTo(1 << levels);
        assertThat(matchCount("a" + "/a".repeat(levels))).isZero();
        assertThat(tree.nodeCount()).isLessThan(2 << levels);
    }

    private void assertFlat(IntFunction<TopicFilter> filter, IntFunction<Integer> subscriber) {
        fill(0, FEW, filter, subscriber);
        sampleNanos(filter, subscriber); // warm-up
        long few = sampleNanos(filter, subscriber);
        fill(FEW, MANY, filter, subscriber);
        long many = sampleNanos(filter, subscriber);

        assertThat(tree.size()).isEqualTo(MANY);
        assertThat(many).as("ns for a sample among many; among few: %d", few).isLessThan(few * MAX_RATIO);
    }

    private void fill(int from, int to, IntFunction<TopicFilter> filter, IntFunction<Integer> subscriber) {
        for (int i = from; i < to; i++) {
            tree.put(filter.apply(i), subscriber.apply(i), i);
        }
    }

    /** The best of several rounds of inserts, matches and removes. */
    private long sampleNanos(IntFunction<TopicFilter> filter, IntFunction<Integer> subscriber) {
        List<TopicFilter> filters = new ArrayList<>();
        for (int i = 0; i < SAMPLE; i++) {
            filters.add(filter.apply(MANY + i));
        }
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < SAMPLE; i++) {
                tree.put(filters.get(i), subscriber.apply(MANY + i), i);
            }
            for (int i = 0; i < SAMPLE; i++) {
                tree.remove(filters.get(i), subscriber.apply(MANY + i));
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        return best;
    }

    private int matchCount(String topic) {
        Count count = new Count();
        tree.match(TopicName.of(topic), count);
        return count.matches;
    }

    private static final class Count implements TopicTree.Sink<Integer, Integer> {
        private int matches;

        @Override
        public void onMatch(Integer subscriber, Integer value) {
            matches++;
        }

        @Override
        public void onSharedMatch(SharedGroup<Integer, Integer> group) {
            matches++;
        }
    }
}
