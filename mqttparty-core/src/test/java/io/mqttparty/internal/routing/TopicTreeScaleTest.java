package io.mqttparty.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Costs that must not grow with the number of neighbours; ratios within one run. */
final class TopicTreeScaleTest {
    private static final int FEW = 2_000;
    private static final int MANY = 1_000_000;
    private static final int SAMPLE = 2_000;
    private static final int ROUNDS = 20;
    private static final int WARM_UPS = 5;
    /** What costs as much more as there are more neighbours is beyond a fifth of that, and the caches of the processor cost far less. */
    private static final int FAR_LESS = 5;

    private final TopicTree<Integer, Integer> tree = new TopicTree<>(42);

    @Test
    void changeAndMatch_amongAMillionSiblings_costAsAmongFew() {
        assertFlat(MANY, new Load(i -> TopicFilter.of("d/" + i + "/+"), i -> 0, i -> TopicName.of("d/" + i + "/x")));
    }

    @Test
    void changeAndMatch_amongAMillionExactFilters_costAsAmongFew() {
        assertFlat(MANY, new Load(i -> TopicFilter.of("d/" + i), i -> 0, i -> TopicName.of("d/" + i)));
    }

    @Test
    void change_amongAMillionSubscribersOfOneFilter_costsAsAmongFew() {
        TopicFilter filter = TopicFilter.of("d/+");
        assertFlat(MANY, new Load(i -> filter, i -> i, i -> TopicName.of("other")));
    }

    @Test
    void changeAndMatch_amongAHundredThousandMembersOfAGroup_costAsAmongFew() {
        TopicFilter filter = TopicFilter.of("$share/g/d/+");
        assertFlat(MANY / 10, new Load(i -> filter, i -> i, i -> TopicName.of("d/" + i)));
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

    private void assertFlat(int count, Load load) {
        fill(0, FEW, load);
        for (int i = 0; i < WARM_UPS; i++) {
            sampleNanos(load);
        }
        long few = sampleNanos(load);
        fill(FEW, count, load);
        long many = sampleNanos(load);

        assertThat(tree.size()).isEqualTo(count);
        assertThat(many)
                .as("ns for a sample among %d; among %d: %d", count, FEW, few)
                .isLessThan(few * (count / FEW) / FAR_LESS);
    }

    private void fill(int from, int to, Load load) {
        for (int i = from; i < to; i++) {
            tree.put(load.filter.apply(i), load.subscriber.apply(i), i);
        }
    }

    /** The best of several rounds of inserts, matches and removes of subscriptions that are not there yet. */
    private long sampleNanos(Load load) {
        List<TopicFilter> filters =
                IntStream.range(MANY, MANY + SAMPLE).mapToObj(load.filter).toList();
        List<TopicName> topics =
                IntStream.range(MANY, MANY + SAMPLE).mapToObj(load.topic).toList();
        Count sink = new Count();
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < SAMPLE; i++) {
                tree.put(filters.get(i), load.subscriber.apply(MANY + i), i);
            }
            topics.forEach(each -> tree.match(each, sink));
            for (int i = 0; i < SAMPLE; i++) {
                tree.remove(filters.get(i), load.subscriber.apply(MANY + i));
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        return best;
    }

    /** What the subscription, its subscriber and a topic with this number are. */
    private record Load(
            IntFunction<TopicFilter> filter, IntFunction<Integer> subscriber, IntFunction<TopicName> topic) {}

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
