package io.mqttparty.testkit.robustness;

import static io.mqttparty.testkit.robustness.Scene.connectionOf;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Authorizer;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A little input that asks for much: many filters, deep overlaps, many retained messages, many subscribers. */
class BombTest {
    // ---- many filters ----

    @Test
    void subscribe_beyondTheLimit_refusedFilterByFilter() {
        try (Scene scene = Scene.limited(l -> l.withSubscriptions(3))) {
            for (TestClient client : new TestClient[] {scene.client("transient"), scene.persistent("persistent")}) {
                client.subscribe(1, entry("a", 0), entry("b", 1), entry("c", 2), entry("d", 1))
                        .expectSuback(1, 0, 1, 2, 128);
                client.subscribe(2, "e", 0).expectSuback(2, 128);
                client.subscribe(3, "a", 1).expectSuback(3, 1);
                client.unsubscribe(4, "b").expectUnsuback(4);
                client.subscribe(5, entry("e", 0), entry("f", 0)).expectSuback(5, 0, 128);
            }
            TestClient publisher = scene.client("p").published("d", "x", 1).published("f", "x", 1);
            publisher.expectNothing();
            scene.assertOthersGoOn();
        }
    }

    @Test
    void subscribe_tensOfThousandsOfFiltersInOnePacket_answered() {
        try (Scene scene = Scene.start()) {
            assertManyFilters(scene, scene.client("transient"), "f");
            assertManyFilters(scene, scene.persistent("persistent"), "f");
        }
    }

    @Test
    void subscribe_sameFilterTensOfThousandsOfTimes_answered() {
        try (Scene scene = Scene.start()) {
            assertSameFilter(scene, scene.client("transient"));
            assertSameFilter(scene, scene.persistent("persistent"));
        }
    }

    @Test
    void subscribe_tensOfThousandsOfFiltersWithAnAuthorizer_answered() {
        try (Scene scene = Scene.start(b -> b.allowAnonymous().authorizer(new Permissive()))) {
            assertManyFilters(scene, scene.client("transient"), "f");
            assertSameFilter(scene, scene.client("again"));
        }
    }

    @Test
    void unsubscribe_tensOfThousandsOfFilters_answered() {
        try (Scene scene = Scene.start()) {
            byte[] unsubscribe = packet(10, 30_000, i -> Packets.string("" + i % 10));
            for (TestClient client : new TestClient[] {scene.client("transient"), scene.persistent("persistent")}) {
                client.subscribed("5", 1).sendRaw(unsubscribe).expectUnsuback(1);
                client.published("5", "x", 1).expectNothing();
            }
            scene.assertOthersGoOn();
        }
    }

    private static void assertManyFilters(Scene scene, TestClient client, String prefix) {
        byte[] all =
                filters(IntStream.range(0, 25_000).mapToObj(i -> prefix + i).toList());
        client.sendRaw(all);
        List<Integer> codes = client.expect(ServerPacket.Suback.class).codes();
        assertThat(codes).hasSize(25_000);
        assertThat(codes.subList(0, 1_000)).containsOnly(1);
        assertThat(codes.subList(1_000, 25_000)).containsOnly(128);
        scene.assertOthersGoOn();
    }

    private static void assertSameFilter(Scene scene, TestClient client) {
        client.sendRaw(filters(Collections.nCopies(50_000, "t")));
        assertThat(client.expect(ServerPacket.Suback.class).codes())
                .hasSize(50_000)
                .containsOnly(1);
        client.published("t", "x", 1).expectPublish("t", "x", 1);
        client.expectNothing();
        scene.assertOthersGoOn();
    }

    private static byte[] filters(List<String> filters) {
        return packet(8, filters.size(), i -> Packets.concat(Packets.string(filters.get(i)), Packets.bytes(1)));
    }

    /** SUBSCRIBE or UNSUBSCRIBE with packet id 1 and this number of parts. */
    private static byte[] packet(int type, int count, IntFunction<byte[]> part) {
        byte[][] parts = new byte[count + 1][];
        parts[0] = Packets.uint16(1);
        for (int i = 0; i < count; i++) {
            parts[i + 1] = part.apply(i);
        }
        return Packets.packet(type, 2, parts);
    }

    /** Allows everything at once. */
    private static final class Permissive implements Authorizer {
        @Override
        public CompletionStage<Boolean> mayPublish(ClientInfo client, TopicName topic) {
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletionStage<Boolean> maySubscribe(ClientInfo client, Subscription subscription) {
            return CompletableFuture.completedFuture(true);
        }
    }

    // ---- overlaps ----

    @Test
    void publish_matchedByAThousandOverlappingFilters_deliveredOnceAndOthersGoOn() {
        try (Scene scene = Scene.start()) {
            TestClient transientOne = scene.client("transient");
            TestClient persistent = scene.persistent("persistent");
            String[] filters =
                    IntStream.range(0, 1_000).mapToObj(BombTest::overlapping).toArray(String[]::new);
            for (int from = 0; from < 1_000; from += 100) {
                byte[] some = filters(List.of(filters).subList(from, from + 100));
                transientOne.sendRaw(some).expect(ServerPacket.Suback.class);
                persistent.sendRaw(some).expect(ServerPacket.Suback.class);
            }
            TestClient publisher = scene.client("publisher");
            String topic = "a/".repeat(15) + "a";
            for (int i = 0; i < 100; i++) {
                publisher.published(topic, "" + i, 1);
                scene.client("churn").subscribed("x" + i, 0).disconnect().expectClosed(); // nothing is cached for long
                transientOne.puback(transientOne.expectPublish(topic, "" + i, 1).packetId());
                persistent.puback(persistent.expectPublish(topic, "" + i, 1).packetId());
            }
            transientOne.expectNothing();
            persistent.expectNothing();
            scene.assertOthersGoOn();
        }
    }

    /** One of the 65,536 filters of 16 levels that match {@code a/a/…/a}. */
    private static String overlapping(int bits) {
        return IntStream.range(0, 16)
                .mapToObj(level -> (bits >> level & 1) == 0 ? "+" : "a")
                .collect(Collectors.joining("/"));
    }

    // ---- retained messages ----

    @ParameterizedTest(name = "subscribed at QoS {0}, retained at QoS {1}")
    @CsvSource({"0,1", "1,1", "2,2", "1,0", "2,0", "2,1"})
    void subscribeAll_5000RetainedAndTransient_allArriveOnce(int qos, int retainedQos) {
        try (Scene scene = Scene.start()) {
            retain(scene, 5_000, retainedQos);
            TestClient client = scene.client("c").acknowledgeAll().subscribed("#", qos);

            assertThat(topics(client.drain(), Math.min(qos, retainedQos))).hasSize(5_000);
            client.published("live", "goes on", 1).expectPublish("live", "goes on");
            scene.assertOthersGoOn();
        }
    }

    @ParameterizedTest(name = "subscribed at QoS {0}, retained at QoS {1}")
    @CsvSource({"0,1", "1,1", "2,2", "1,0", "2,0", "2,1"})
    void subscribeAll_5000RetainedAndPersistent_allArriveOnce(int qos, int retainedQos) {
        try (Scene scene = Scene.start()) {
            retain(scene, 5_000, retainedQos);
            TestClient client = scene.persistent("c").acknowledgeAll().subscribed("#", qos);

            assertThat(topics(client.drain(), Math.min(qos, retainedQos))).hasSize(5_000);
            client.published("live", "goes on", 1).expectPublish("live", "goes on");
            scene.assertOthersGoOn();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void subscribeAll_killedAgainAndAgain_persistentSessionGetsAll(int qos) {
        try (Scene scene = Scene.limited(l -> l.withQueueMessages(600))) {
            retain(scene, 3_000, qos);
            TestClient client = scene.persistent("c").subscribed("#", qos);
            Set<String> arrived = new TreeSet<>();
            for (int kill = 0; kill < 40 && arrived.size() < 3_000; kill++) {
                for (int i = 0; i < 150; i++) {
                    takeOne(client, arrived);
                }
                connectionOf(client).resetByPeer();
                client = scene.resumed("c");
            }
            assertThat(arrived).hasSize(3_000);
            scene.assertOthersGoOn();
        }
    }

    /** Takes one packet, if there is one, and answers it. */
    private static void takeOne(TestClient client, Set<String> arrived) {
        client.poll().ifPresent(packet -> {
            if (packet instanceof ServerPacket.Publish publish) {
                arrived.add(publish.topic());
                client.sendRaw(
                        publish.qos() == 1 ? Packets.puback(publish.packetId()) : Packets.pubrec(publish.packetId()));
            } else if (packet instanceof ServerPacket.Pubrel pubrel) {
                client.pubcomp(pubrel.packetId());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void subscribeAll_smallQueue_pagesWaitAndNothingIsLost(boolean cleanSession) {
        try (Scene scene = Scene.limited(l -> l.withQueueMessages(50))) {
            retain(scene, 1_000, 1);
            TestClient client = TestClient.connect(
                            scene.connection(), c -> c.clientId("c").cleanSession(cleanSession))
                    .expectConnack(0, false)
                    .acknowledgeAll()
                    .subscribed("#", 1);
            assertThat(drainSlowly(scene, client)).hasSize(1_000);
            scene.assertOthersGoOn();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void subscribeAll_largeRetainedMessages_queueBytesHoldAndNothingIsLost(boolean cleanSession) {
        try (Scene scene = Scene.limited(l -> l.withQueueBytes(100_000))) {
            retain(scene, 200, 1, 4_000);
            TestClient client = TestClient.connect(
                            scene.connection(), c -> c.clientId("c").cleanSession(cleanSession))
                    .expectConnack(0, false)
                    .acknowledgeAll()
                    .subscribed("#", 1);
            assertThat(drainSlowly(scene, client)).hasSize(200);
            scene.assertOthersGoOn();
        }
    }

    private static Set<String> drainSlowly(Scene scene, TestClient client) {
        Set<String> arrived = new HashSet<>();
        List<ServerPacket> some = client.drain();
        for (int idle = 0; idle < 3; idle = some.isEmpty() ? idle + 1 : 0) {
            arrived.addAll(topics(some, 1));
            scene.advanceSeconds(0.1);
            some = client.drain();
        }
        return arrived;
    }

    private static Set<String> topics(List<ServerPacket> packets, int qos) {
        List<String> topics = new ArrayList<>();
        for (ServerPacket packet : packets) {
            if (packet instanceof ServerPacket.Publish publish) {
                assertThat(publish.qos()).isEqualTo(qos);
                assertThat(publish.retain()).isTrue();
                topics.add(publish.topic());
            }
        }
        assertThat(topics).doesNotHaveDuplicates();
        return new HashSet<>(topics);
    }

    private static void retain(Scene scene, int count, int qos) {
        retain(scene, count, qos, 1);
    }

    private static void retain(Scene scene, int count, int qos, int bytes) {
        Payload payload = Payload.copyOf(new byte[bytes]);
        for (int i = 0; i < count; i++) {
            TopicName topic = TopicName.of("retained/" + i % 7 + "/" + i);
            assertThat(scene.broker()
                            .publish(new Message(topic, payload, QoS.of(qos), true))
                            .toCompletableFuture())
                    .isCompleted();
        }
    }

    // ---- QoS 0 in a queue ----

    @Test
    void will_qos0_reachesAPersistentSubscriberAndTakesNoPlaceInItsWindow() {
        try (Scene scene = Scene.limited(l -> l.withReceiveMaximum(3))) {
            TestClient watcher = scene.persistent("watcher").subscribed("will/+", 1);
            for (int i = 0; i < 10; i++) {
                String payload = "" + i;
                TestClient.connect(scene.connection(), c -> c.clientId("w").will("will/t", payload, 0, false))
                        .expectConnack(0, false)
                        .close();
                watcher.expectPublish("will/t", payload, 0);
            }
            assertThat(scene.count(Counter.WILLS_PUBLISHED)).isEqualTo(10);
        }
    }

    // ---- many subscribers ----

    @Test
    void publish_toTwoThousandSubscribers_eachGetsItOnce() {
        try (Scene scene = Scene.start(2, b -> b.allowAnonymous())) {
            List<TestClient> subscribers = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                subscribers.add(scene.client("s" + i).subscribed("news", i % 3));
            }
            TestClient publisher = scene.client("publisher");
            for (int n = 0; n < 5; n++) {
                publisher.published("news", "x".repeat(1_000) + n, 1);
            }
            for (TestClient subscriber : subscribers) {
                assertThat(subscriber.drain()).hasSize(5);
                assertThat(connectionOf(subscriber).counters().flushes()).isEqualTo(7);
            }
            scene.assertOthersGoOn();
        }
    }

    // ---- depth ----

    @Test
    void topic_atTheLimitOfSeparators_travelsLikeAnyOther() {
        try (Scene scene = Scene.start()) {
            String deep = "/".repeat(200);
            Map<String, TestClient> clients = Map.of(
                    deep,
                    scene.client("exact"),
                    "+/".repeat(200) + "+",
                    scene.client("plus"),
                    "#",
                    scene.client("hash"));
            clients.forEach((filter, client) -> client.subscribed(filter, 1));
            TestClient.connect(scene.connection(), c -> c.clientId("w").will(deep, "will", 1, true))
                    .expectConnack(0, false)
                    .published(deep, "live", 1)
                    .close();
            clients.values().forEach(client -> {
                client.expectPublish(deep, "live");
                client.expectPublish(deep, "will");
            });
            scene.client("late").subscribed("/#", 0).expectPublish(deep, "will");
            scene.client("bye").unsubscribe(1, deep, "/#").expectUnsuback(1);
        }
    }
}
