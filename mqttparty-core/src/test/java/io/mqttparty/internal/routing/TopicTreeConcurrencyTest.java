package io.mqttparty.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readers beside writers that make tables and vectors grow and shrink all the time. */
final class TopicTreeConcurrencyTest {
    private static final int ROUNDS = 40;
    private static final int CHURN = 2_000;
    private static final int LAST_VALUE = 200_000;
    private static final List<String> STABLE =
            List.of("a/b/c", "a/+/c", "a/#", "+/b/#", "#", "$share/g/a/b/c", "$share/g/a/+/+", "a/b/+");

    private final Random random = Seed.random(this);
    private final TopicTree<String, String> tree = new TopicTree<>(random.nextLong());
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final AtomicBoolean done = new AtomicBoolean();
    private volatile int returned;

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void match_besideAWriter_findsWhatIsThereAllTheTime() throws Exception {
        STABLE.forEach(each -> tree.put(TopicFilter.of(each), "stable", each));
        List<Future<?>> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            readers.add(threads.submit(this::readUntilDone));
        }
        Future<?> one = threads.submit(() -> churn("one"));
        Future<?> two = threads.submit(() -> churn("two"));
        one.get(1, TimeUnit.MINUTES);
        two.get(1, TimeUnit.MINUTES);
        done.set(true);
        for (Future<?> reader : readers) {
            reader.get(1, TimeUnit.MINUTES);
        }

        assertThat(tree.size()).isEqualTo(STABLE.size());
        assertThat(Matches.of(tree, "a/b/c")).hasSize(STABLE.size());
    }

    @Test
    void version_unchanged_allowsNoResultOlderThanAPutThatReturned() throws Exception {
        tree.put(TopicFilter.of("t/+"), "s", "0");
        Future<?> reader = threads.submit(this::readCached);
        for (int i = 1; i <= LAST_VALUE; i++) {
            tree.put(TopicFilter.of("t/+"), "s", Integer.toString(i));
            returned = i;
        }
        reader.get(1, TimeUnit.MINUTES);
    }

    private void readCached() {
        long cachedVersion = -1;
        int cached = 0;
        for (int floor = 0; floor < LAST_VALUE; floor = returned) {
            long version = tree.version();
            if (version != cachedVersion) {
                cached = Integer.parseInt(Matches.of(tree, "t/x").get(0).substring("s=".length()));
                cachedVersion = version;
            }
            assertThat(cached).isGreaterThanOrEqualTo(floor);
        }
    }

    private void readUntilDone() {
        TopicName topic = TopicName.of("a/b/c");
        do {
            Matches matches = new Matches();
            tree.match(topic, matches);
            List<String> stable = matches.found.stream()
                    .filter(each -> each.startsWith("stable=") || each.contains("stable"))
                    .toList();
            assertThat(stable).hasSize(STABLE.size());
        } while (!done.get());
    }

    private void churn(String writer) {
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < CHURN; i++) {
                tree.put(filter(i), writer + i, "v");
            }
            for (int i = 0; i < CHURN; i++) {
                tree.remove(filter(i), writer + i);
            }
        }
    }

    /** Siblings, relatives and rivals of the stable ones. */
    private static TopicFilter filter(int i) {
        return switch (i % 6) {
            case 0 -> TopicFilter.of(STABLE.get(i / 6 % STABLE.size()));
            case 1 -> TopicFilter.of("a/" + i);
            case 2 -> TopicFilter.of("a/" + i + "/+");
            case 3 -> TopicFilter.of("a/b/" + i + "/#");
            case 4 -> TopicFilter.of("$share/g" + i + "/a/b/c");
            default -> TopicFilter.of("+/" + i + "/c");
        };
    }
}
