package io.mqttparty.benchmarks;

import io.mqttparty.internal.routing.TopicTree;
import io.mqttparty.model.TopicFilter;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Prints how much heap a subscription needs, apart from its filter. Run with {@code -Xmx4g}, which implies compressed references. */
public final class RoutingFootprint {
    private static final int COUNT = 1_000_000;

    private RoutingFootprint() {}

    /** Measures each kind of filter. */
    public static void main(String[] args) {
        report("exact, one subscriber each", i -> TopicFilter.of("device/" + i + "/cmd"), i -> 0);
        report("device/<n>/#", i -> TopicFilter.of("device/" + i + "/#"), i -> 0);
        report("device/<n>/+/x (two levels of its own)", i -> TopicFilter.of("device/" + i + "/+/x"), i -> 0);
        TopicFilter one = TopicFilter.of("device/+");
        report("one filter, many subscribers", i -> one, i -> i);
        TopicFilter shared = TopicFilter.of("$share/g/device/+");
        report("one group, many members", i -> shared, i -> i);
    }

    private static void report(String kind, IntFunction<TopicFilter> filter, IntFunction<Integer> subscriber) {
        long empty = usedBytes();
        TopicFilter[] filters = IntStream.range(0, COUNT).mapToObj(filter).toArray(TopicFilter[]::new);
        Integer[] subscribers = IntStream.range(0, COUNT).mapToObj(subscriber).toArray(Integer[]::new);
        long before = usedBytes();
        TopicTree<Integer, Integer> tree = new TopicTree<>(42);
        for (int i = 0; i < COUNT; i++) {
            tree.put(filters[i], subscribers[i], 0);
        }
        long filled = usedBytes();
        for (int i = 0; i < COUNT; i++) {
            tree.remove(filters[i], subscribers[i]);
        }
        long after = usedBytes();
        System.out.printf(
                "%-40s %4d B in the tree; filter and subscriber themselves %4d B; left after removal %d B%n",
                kind, (filled - before) / COUNT, (before - empty) / COUNT, (after - before) / COUNT);
        if (tree.size() != 0 || filters.length != subscribers.length) { // keeps them reachable
            throw new AssertionError();
        }
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
