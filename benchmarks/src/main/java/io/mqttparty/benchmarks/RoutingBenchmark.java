package io.mqttparty.benchmarks;

import io.mqttparty.internal.routing.SharedGroup;
import io.mqttparty.internal.routing.TopicTree;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to find the subscribers of a topic that no cache knows, and to change a subscription. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
public class RoutingBenchmark {
    private static final int TOPICS = 1 << 14;

    /** 100,000 filters without wildcards. */
    @State(Scope.Benchmark)
    public static class Exact extends Filled {
        /** Fills the tree. */
        @Setup
        public void fill() {
            for (int i = 0; i < 100_000; i++) {
                put("site/" + i % 100 + "/device/" + i + "/cmd");
            }
        }
    }

    /** 100,000 filters: 70 % exact, 20 % with a {@code +}, 10 % with a {@code #}, and one observer of everything. */
    @State(Scope.Benchmark)
    public static class Mixed extends Filled {
        /** Fills the tree. */
        @Setup
        public void fill() {
            for (int i = 0; i < 100_000; i++) {
                String device = "site/" + i % 100 + "/device/" + i;
                put(device + (i % 10 < 7 ? "/cmd" : i % 10 < 9 ? "/+" : "/#"));
            }
            put("site/+/device/+/cmd");
        }
    }

    /** A million exact filters and a million with wildcards, each kind below one level. */
    @State(Scope.Benchmark)
    public static class Siblings extends Filled {
        private final TopicFilter exact = TopicFilter.of("d/new");
        private final TopicFilter wildcard = TopicFilter.of("d/new/+");

        /** Fills the tree. */
        @Setup
        public void fill() {
            for (int i = 0; i < 1_000_000; i++) {
                put("d/" + i);
                put("d/" + i + "/+");
            }
        }
    }

    /** One topic among 100,000 exact filters: one subscriber. */
    @Benchmark
    public int matchExact(Exact state) {
        return state.match();
    }

    /** One topic among 100,000 mixed filters: one or two subscribers. */
    @Benchmark
    public int matchMixed(Mixed state) {
        return state.match();
    }

    /** A subscription without wildcards comes and goes. */
    @Benchmark
    public @Nullable Integer putAndRemoveExact(Siblings state) {
        state.tree.put(state.exact, 1, 1);
        return state.tree.remove(state.exact, 1);
    }

    /** A subscription with wildcards comes and goes. */
    @Benchmark
    public @Nullable Integer putAndRemoveWildcard(Siblings state) {
        state.tree.put(state.wildcard, 1, 1);
        return state.tree.remove(state.wildcard, 1);
    }

    /** A tree, topics to match, and a sink that counts. */
    public abstract static class Filled implements TopicTree.Sink<Integer, Integer> {
        final TopicTree<Integer, Integer> tree = new TopicTree<>(42);
        private final TopicName[] topics = new TopicName[TOPICS];
        private int next;
        private int found;

        Filled() {
            for (int i = 0; i < TOPICS; i++) {
                int device = i * 5;
                topics[i] = TopicName.of("site/" + device % 100 + "/device/" + device + "/cmd");
            }
        }

        final void put(String filter) {
            tree.put(TopicFilter.of(filter), 1, 1);
        }

        final int match() {
            tree.match(topics[next++ & TOPICS - 1], this);
            return found;
        }

        @Override
        public void onMatch(Integer subscriber, Integer value) {
            found++;
        }

        @Override
        public void onSharedMatch(SharedGroup<Integer, Integer> group) {
            found++;
        }
    }
}
