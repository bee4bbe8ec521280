package io.mqttparty.redis.internal.retained;

import static io.mqttparty.redis.TestRedis.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.redis.TestRedis;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.RetainedStore.Page;
import io.mqttparty.spi.Token;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class RedisRetainedIT {
    private static final int MANY = 100_000;

    private final TestRedis redis = TestRedis.open();
    private final RedisRetained retained = new RedisRetained(redis.context());

    @AfterEach
    void close() {
        redis.close();
    }

    // ---- one topic ----

    @Test
    @Tag("MQTT-3.3.1-10")
    void put_thenEmptyPayload_leavesNoKey() {
        put("a/b", "v");
        put("a/c", "v");
        put("a/b", "w");
        assertThat(redis.keys()).hasSize(2);
        put("a/b", "");
        put("a/b", "");
        put("a/c", "");

        assertThat(redis.keys()).isEmpty();
    }

    @Test // double execution
    void put_eachTwice_sameAsOnce() {
        for (int i = 0; i < 2; i++) {
            put("a", "v");
        }

        assertThat(topics("#", 10)).containsExactly("a");
        assertThat(await(retained.exact(TopicName.of("a")))).contains(message("a", "v"));
    }

    @Test // F12
    void put_laterEpochExists_isStaleAndStoresNothing() {
        ClientId client = ClientId.of("p");
        Fence zombie = new Fence(client, new Token("n-1"), 1_900_000_000_001L);
        Fence owner = new Fence(client, new Token("n-2"), 1_900_000_000_002L);
        redis.client().send("HSET", redis.key("{p}:s"), "e", "1900000000002");

        assertThat(await(retained.put(message("s", "m13"), Optional.of(owner)))).isEqualTo(FenceResult.OK);
        assertThat(await(retained.put(message("s", "m9"), Optional.of(zombie)))).isEqualTo(FenceResult.STALE);
        assertThat(await(retained.put(message("s", ""), Optional.of(zombie)))).isEqualTo(FenceResult.STALE);

        assertThat(await(retained.exact(TopicName.of("s")))).contains(message("s", "m13"));
    }

    @Test
    void put_noSession_isStored() {
        Fence gone = new Fence(ClientId.of("p"), new Token("n-1"), 7);

        assertThat(await(retained.put(message("s", "v"), Optional.of(gone)))).isEqualTo(FenceResult.OK);
        assertThat(topics("s", 1)).containsExactly("s");
    }

    @Test
    void exact_otherVersion_isLeftOut() {
        put("a/1", "v");
        put("a/2", "v");
        redis.client().send("HSET", redis.key("ret:" + Buckets.of(TopicName.of("a")) + ":v"), "a/1", "\u0007x");

        assertThat(await(retained.exact(TopicName.of("a/1")))).isEmpty();
        assertThat(topics("a/#", 10)).containsExactly("a/2");
    }

    // ---- filters ----

    @Test
    void match_randomTopics_anyFilterAndPage_isWhatTheFilterSelectsInOrderOfBytes() {
        Random random = new Random(7);
        Set<String> all = new TreeSet<>(RedisRetainedIT::compareBytes);
        while (all.size() < 600) {
            all.add(randomTopic(random));
        }
        all.forEach(topic -> put(topic, "of " + topic));

        for (int i = 0; i < 150; i++) {
            String filter = randomFilter(random, List.copyOf(all));
            List<String> expected = all.stream()
                    .filter(topic -> TopicFilter.of(filter).matches(TopicName.of(topic)))
                    .toList();
            int max = 1 + random.nextInt(40);
            assertThat(topics(filter, max)).as("%s by %s", filter, max).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void match_shared_isMatchedWithoutItsGroup() {
        put("a/b", "v");

        assertThat(topics("$share/g/a/+", 10)).containsExactly("a/b");
        assertThat(topics("$share/g/a/b", 10)).containsExactly("a/b");
    }

    @Test
    void match_largeMessages_pageEndsEarly() {
        String large = "x".repeat(100_000);
        for (int i = 0; i < 200; i++) {
            put("large/" + i, large);
        }

        Page page = await(retained.match(TopicFilter.of("large/#"), "", 200));

        assertThat(page.messages()).hasSizeBetween(11, 64);
        assertThat(page.next())
                .contains(
                        page.messages().get(page.messages().size() - 1).topic().value());
        assertThat(topics("large/#", 200)).hasSize(200);
    }

    @Test
    void match_onePage_readsAboutAsManyTopicsAndValuesAsItReturns() {
        for (int i = 0; i < 5_000; i++) {
            put("d" + i % 500 + "/" + i, "v");
        }
        redis.client().resetStatistics();
        Page page = await(retained.match(TopicFilter.of("#"), "d3", 10));
        Map<String, Long> calls = redis.client().commandCalls();

        assertThat(page.messages()).hasSize(10);
        assertThat(calls.get("zrangebylex")).isLessThanOrEqualTo(80);
        assertThat(calls.get("hmget")).isLessThanOrEqualTo(10);
        assertThat(calls).doesNotContainKeys("keys", "hscan", "scan", "zscan", "hgetall");
    }

    @Test
    void match_hundredThousandTopics_inPagesOfBoundedTimeAndSize() {
        putMany("many/%d/status", MANY / 2);
        putMany("m%d/status", MANY / 2);
        redis.client().resetStatistics();

        Set<String> seen = new TreeSet<>();
        long slowest = 0;
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent()) {
            long start = System.nanoTime();
            Page page = await(retained.match(TopicFilter.of("#"), cursor.get(), 256));
            slowest = Math.max(slowest, System.nanoTime() - start);
            assertThat(page.messages()).hasSizeLessThanOrEqualTo(256);
            page.messages().forEach(each -> seen.add(each.topic().value()));
            cursor = page.next();
        }

        assertThat(seen).hasSize(MANY);
        assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(1));
        assertThat(redis.client().commandCalls()).doesNotContainKeys("keys", "hscan", "scan", "hgetall");
        removeMany("many/%d/status", MANY / 2);
        removeMany("m%d/status", MANY / 2);
        assertThat(redis.keys()).isEmpty();
    }

    @Test
    void match_oneOfHundredThousand_isFoundInBoundedSteps() {
        putMany("d/%d/temperature", MANY);
        put("d/77777/alarm", "!");
        redis.client().resetStatistics();

        assertThat(topics("d/+/alarm", 256)).containsExactly("d/77777/alarm");
        assertThat(redis.client().commandCalls().get("zrangebylex")).isLessThan(200);
    }

    private static int compareBytes(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static String randomTopic(Random random) {
        List<String> levels = List.of("a", "b", "c", "", "a b", "a!", "ä", "\uFFFD", "\uD83D\uDE00", "$x", "0", "zz");
        StringBuilder topic = new StringBuilder(levels.get(random.nextInt(levels.size())));
        for (int i = random.nextInt(4); i > 0; i--) {
            topic.append('/').append(levels.get(random.nextInt(levels.size())));
        }
        return topic.isEmpty() ? "/" : topic.toString();
    }

    private static String randomFilter(Random random, List<String> topics) {
        List<String> levels = new ArrayList<>(
                List.of(topics.get(random.nextInt(topics.size())).split("/", -1)));
        for (int i = 0; i < levels.size(); i++) {
            if (random.nextInt(3) == 0) {
                levels.set(i, "+");
            }
        }
        if (random.nextInt(3) == 0) {
            int keep = random.nextInt(levels.size() + 1);
            levels.subList(keep, levels.size()).clear();
            levels.add("#");
        }
        return String.join("/", levels);
    }

    private List<String> topics(String filter, int max) {
        List<String> topics = new ArrayList<>();
        Optional<String> cursor = Optional.of("");
        for (int pages = 0; cursor.isPresent(); pages++) {
            assertThat(pages).isLessThan(10_000);
            Page page = await(retained.match(TopicFilter.of(filter), cursor.get(), max));
            assertThat(page.messages()).hasSizeLessThanOrEqualTo(max);
            page.messages().forEach(each -> topics.add(each.topic().value()));
            cursor = page.next();
        }
        return topics;
    }

    private void putMany(String form, int count) {
        write(form, "on", count);
    }

    private void removeMany(String form, int count) {
        write(form, "", count);
    }

    private void write(String form, String payload, int count) {
        int step = 5_000;
        for (int from = 0; from < count; from += step) {
            List<CompletableFuture<?>> open = new ArrayList<>();
            for (int i = from; i < from + step; i++) {
                open.add(retained.put(message(form.formatted(i), payload), Optional.empty())
                        .toCompletableFuture());
            }
            await(CompletableFuture.allOf(open.toArray(CompletableFuture[]::new)));
        }
    }

    private void put(String topic, String payload) {
        assertThat(await(retained.put(message(topic, payload), Optional.empty())))
                .isEqualTo(FenceResult.OK);
    }

    private static Message message(String topic, String payload) {
        return Message.of(topic, payload, QoS.AT_LEAST_ONCE).withRetain(true);
    }
}
