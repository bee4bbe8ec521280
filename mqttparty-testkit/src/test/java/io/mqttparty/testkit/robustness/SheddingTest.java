package io.mqttparty.testkit.robustness;

import static io.mqttparty.testkit.robustness.Scene.connectionOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.model.Limits;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.ControlledUpstream;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that use up the byte budget of the broker and do not give it back make room for the others. */
class SheddingTest {
    private static final int BACKLOG = 10_000;
    private static final int BUDGET = 64 * BACKLOG;

    /** Small budgets, and no other rule that closes who does not read. */
    private static Scene scene(int loops, UnaryOperator<Limits> change) {
        Limits limits = Limits.DEFAULTS
                .withQos0BacklogBytes(BACKLOG)
                .withTotalBytes(BUDGET)
                .withWriteTimeout(Duration.ofDays(1));
        return Scene.start(loops, (MqttPartyBuilder b) -> b.allowAnonymous().limits(change.apply(limits)));
    }

    private static Scene scene() {
        return scene(1, UnaryOperator.identity());
    }

    private static List<TestClient> nonReaders(Scene scene, int count, String filter) {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TestClient client = scene.client("deaf-" + filter + i).subscribed(filter, 0);
            connectionOf(client).setWritable(false);
            clients.add(client);
        }
        return clients;
    }

    /** Publishes at QoS 0 until the broker does not read any more. */
    private static void publishUntilHeld(TestClient publisher, String topic, int bytes) {
        int sent = 0;
        while (connectionOf(publisher).isBrokerReading()) {
            assertThat(++sent).as("published without being held").isLessThan(1_000);
            publisher.publish(topic, "x".repeat(bytes));
        }
    }

    private static long open(List<TestClient> clients) {
        return clients.stream().filter(client -> connectionOf(client).isOpen()).count();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void hundredThatDoNotRead_useUpTheBudget_healthyPairGoesOn(int loops) {
        try (Scene scene = scene(loops, UnaryOperator.identity())) {
            List<TestClient> deaf = nonReaders(scene, 100, "flood");
            TestClient flooder = scene.client("flooder");
            TestClient reader = scene.client("reader").subscribed("calm", 1).acknowledgeAll();
            TestClient publisher = scene.client("publisher");

            int flooded = 0;
            for (int round = 0; round < 60; round++) {
                while (connectionOf(flooder).isBrokerReading() && flooded < 200) {
                    flooder.publish("flood", "x".repeat(1_000));
                    flooded++;
                }
                publisher.publish("calm", "" + round, 1, round + 1);
                scene.advanceSeconds(1.1);
                publisher.expectPuback(round + 1);
                reader.expectPublish("calm", "" + round, 1);
            }

            assertThat(flooded).as("nothing holds the flood any more").isEqualTo(200);
            assertThat(scene.count(Counter.BACKLOGS_SHED)).isEqualTo(100 - open(deaf));
            assertThat(open(deaf)).as("what is left fits into the budget").isBetween(40L, (long) BUDGET / 9_000);
            assertThat(connectionOf(reader).isOpen()).isTrue();
            assertThat(connectionOf(flooder).isOpen()).isTrue();
            assertThat(scene.events().lines())
                    .filteredOn(line -> line.endsWith(" QUOTA_EXCEEDED"))
                    .hasSize((int) scene.count(Counter.BACKLOGS_SHED))
                    .allMatch(line -> line.startsWith("disconnected deaf-flood"));
            deaf.forEach(client -> connectionOf(client).setWritable(true));
            scene.assertOthersGoOn();
        }
    }

    @Test
    void largestBacklog_goesFirst() {
        try (Scene scene = scene(1, l -> l.withQos0BacklogBytes(BUDGET))) {
            List<TestClient> small = nonReaders(scene, 10, "small");
            List<TestClient> large = nonReaders(scene, 1, "large/+");
            TestClient publisher = scene.client("publisher");
            for (int i = 0; i < 10; i++) {
                publisher.publish("small", "x".repeat(1_000)); // to ten, 100,000 bytes
            }
            publishUntilHeld(publisher, "large/t", 10_000);
            scene.advanceSeconds(0.9);
            assertThat(open(large)).isEqualTo(1);
            scene.advanceSeconds(0.2);

            assertThat(open(large)).isZero();
            assertThat(open(small)).isEqualTo(10);
            assertThat(scene.count(Counter.BACKLOGS_SHED)).isEqualTo(1);
            assertThat(connectionOf(publisher).isBrokerReading()).isTrue();
            scene.assertOthersGoOn();
        }
    }

    @Test
    void partsOfPackets_useUpTheBudget_theirSendersAreClosed() {
        try (Scene scene = scene(1, l -> l.withPacketBytes(100_000))) {
            byte[] packet = Packets.publish("t", "x".repeat(90_000), 0, false, 0, false);
            List<TestClient> halves = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                halves.add(scene.client("half" + i).sendRaw(Arrays.copyOf(packet, 85_000)));
            }
            TestClient publisher =
                    scene.client("publisher").publish("calm", "x", 1, 1).publish("calm", "x", 1, 2);
            assertThat(connectionOf(publisher).isBrokerReading()).isFalse();
            scene.advanceSeconds(1.1);

            assertThat(open(halves)).isEqualTo(6);
            publisher.expectPuback(1).expectPuback(2);
            scene.assertOthersGoOn();
        }
    }

    @Test
    void publishersThatWait_areNotWhatTheyWaitFor() {
        try (Scene scene = scene(1, l -> l.withQos0BacklogBytes(2 * BUDGET))) {
            TestClient slow = nonReaders(scene, 1, "t").get(0);
            List<TestClient> publishers = new ArrayList<>();
            byte[] burst = Packets.concat(
                    Packets.publish("t", "x".repeat(50_000), 0, false, 0, false),
                    Packets.publish("t", "x".repeat(50_000), 1, false, 1, false));
            for (int i = 0; i < 30; i++) { // more than the budget, if it were kept for them
                publishers.add(scene.client("p" + i).sendRaw(burst));
            }
            assertThat(publishers)
                    .filteredOn(publisher -> !connectionOf(publisher).isBrokerReading())
                    .isNotEmpty();

            connectionOf(slow).setWritable(true);
            for (int i = 0; i < 5; i++) {
                slow.drain();
                scene.advanceSeconds(0.1);
            }

            publishers.forEach(publisher -> publisher.expectPuback(1));
            assertThat(scene.count(Counter.BACKLOGS_SHED)).isZero();
            scene.assertOthersGoOn();
        }
    }

    @Test
    void messagesThatWaitForAnUpstream_useUpTheBudget_nobodyIsClosed() {
        ControlledUpstream upstream = new ControlledUpstream();
        Limits limits = Limits.DEFAULTS.withTotalBytes(20_000);
        try (Scene scene =
                Scene.start(b -> b.allowAnonymous().limits(limits).upstream(TopicFilter.of("up"), upstream))) {
            TestClient idle = nonReaders(scene, 1, "t").get(0);
            TestClient publisher = scene.client("publisher");
            publisher.publish("t", "x".repeat(1_000));
            int sent = 0;
            while (connectionOf(publisher).isBrokerReading()) {
                assertThat(++sent).isLessThan(30);
                publisher.publish("up", "x".repeat(1_000), 1, sent);
            }
            scene.advanceSeconds(5);
            assertThat(connectionOf(publisher).isBrokerReading()).isFalse();
            assertThat(scene.count(Counter.BACKLOGS_SHED)).isZero();
            assertThat(connectionOf(idle).isOpen()).isTrue();

            while (!upstream.calls().pending().isEmpty()) {
                upstream.take();
            }
            assertThat(connectionOf(publisher).isBrokerReading()).isTrue();
            assertThat(publisher.drain()).hasSize(sent);
        }
    }

    @Test
    void clientsThatReadSlowly_giveRoomEachSecond_nobodyIsClosed() {
        try (Scene scene = scene()) {
            List<TestClient> slow = nonReaders(scene, 90, "t");
            TestClient publisher = scene.client("publisher");
            for (int second = 0; second < 20; second++) {
                publishUntilHeld(publisher, "t", 1_000);
                scene.advanceSeconds(0.5);
                for (TestClient client : slow.subList(second % 2 * 45, second % 2 * 45 + 45)) {
                    connectionOf(client).setWritable(true);
                    client.drain();
                    connectionOf(client).setWritable(false);
                }
                scene.advanceSeconds(0.5);
            }
            assertThat(scene.count(Counter.PUBLISHERS_HELD)).isGreaterThan(10);
            assertThat(scene.count(Counter.BACKLOGS_SHED)).isZero();
            scene.assertOthersGoOn();
        }
    }

    @Test
    void budget_nearlyUsedUpForAMoment_publisherGoesOnAfterASecondAtMost() {
        try (Scene scene = scene(1, l -> l.withQos0BacklogBytes(BUDGET))) {
            TestClient large = nonReaders(scene, 1, "large").get(0);
            TestClient small = nonReaders(scene, 1, "small").get(0);
            TestClient publisher = scene.client("publisher");
            for (int i = 0; i < 53; i++) {
                publisher.publish("large", "x".repeat(10_000));
            }
            publishUntilHeld(publisher, "small", 10_000);
            connectionOf(small).resetByPeer(); // 530,000 of 640,000: there is room

            assertThat(connectionOf(publisher).isBrokerReading()).isTrue();
            assertThat(connectionOf(large).isOpen()).isTrue();
            assertThat(scene.count(Counter.BACKLOGS_SHED)).isZero();
        }
    }
}
