package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.Token;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** F4: publishers to a queue that is deep while its client is connected to another node. */
class RemoteBackPressureTest {
    private static final int QUEUE = 100;

    private final ClusterScene scene = ClusterScene.of(2, Limits.DEFAULTS.withQueueMessages(QUEUE));
    private final ClusterNode a = scene.node(0);
    private final ClusterNode b = scene.node(1);

    @AfterEach
    void stop() {
        scene.close();
    }

    @ParameterizedTest
    @CsvSource({"t,1", "t,2", "$share/g/t,1", "$share/g/t,2"})
    void burst_twiceTheQueueToAClientThatAcknowledges_nothingIsLost(String filter, int qos) {
        TestClient subscriber = b.persistent("s").subscribed(filter, qos).acknowledgeAll();
        TestClient publisher = a.persistent("p").acknowledgeAll();

        burst(publisher, 2 * QUEUE, qos);
        assertThat(a.count(Counter.PUBLISHERS_HELD)).isEqualTo(1);
        List<String> received = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            scene.advance(Duration.ofMillis(20));
            take(subscriber, 10, received);
            publisher.drain();
        }

        assertThat(received)
                .containsExactlyElementsOf(
                        IntStream.range(0, 2 * QUEUE).mapToObj(i -> "" + i).toList());
        assertThat(b.count(DropReason.QUEUE_FULL)).isZero();
    }

    @Test
    void burst_toAClientThatIsStuck_holdsOnceForASecondAndDropsTheOldest() {
        TestClient stuck = b.persistent("stuck").subscribed("t", 1);
        TestClient other = b.persistent("other").subscribed("u", 1).acknowledgeAll();
        TestClient publisher = a.client("p");

        burst(publisher, 3 * QUEUE, 1);
        publisher.drain();
        scene.advance(Duration.ofMillis(990));
        assertThat(publisher.drain()).isEmpty();
        scene.advance(Duration.ofMillis(20));
        assertThat(publisher.drain()).hasSizeGreaterThan(2 * QUEUE);
        publisher.published("u", "others go on", 1);
        other.expectPublish("u", "others go on", 1);

        scene.advance(Duration.ofSeconds(29));
        publisher.published("t", "not held", 1);
        assertThat(a.count(Counter.PUBLISHERS_HELD)).isEqualTo(1);
        scene.advance(Duration.ofSeconds(1));
        publisher.published("t", "held again", 1);
        assertThat(a.count(Counter.PUBLISHERS_HELD)).isEqualTo(2);

        stuck.acknowledgeAll().drain();
        assertThat(b.count(DropReason.QUEUE_FULL)).isPositive();
    }

    @Test // L = 100: an acknowledgement in 200 ms is one watermark in 2.4 s, were it not for the time
    void burst_toASlowClient_itIsNotTakenForStuck() {
        TestClient slow = b.persistent("s").subscribed("t", 1);
        TestClient publisher = a.client("p");
        burst(publisher, 3 * QUEUE, 1);

        List<String> received = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            scene.advance(Duration.ofMillis(200));
            acknowledgeOne(slow, received);
        }
        assertThat(a.count(Counter.PUBLISHERS_HELD)).isBetween(15L, 25L); // once a second
        for (int i = 0; i < 200; i++) {
            scene.advance(Duration.ofMillis(50));
            acknowledgeOne(slow, received);
        }

        assertThat(b.count(DropReason.QUEUE_FULL)).isZero();
        assertThat(received)
                .containsExactlyElementsOf(
                        IntStream.range(0, 3 * QUEUE).mapToObj(i -> "" + i).toList());
    }

    private static void acknowledgeOne(TestClient client, List<String> received) {
        ServerPacket.Publish publish = client.expect(ServerPacket.Publish.class);
        received.add(publish.text());
        client.puback(publish.packetId());
    }

    @Test
    void burst_clientGoesAway_isNotHeldAnyMore() {
        TestClient subscriber = b.persistent("s").subscribed("t", 1);
        TestClient publisher = a.client("p");
        burst(publisher, QUEUE, 1);
        int before = publisher.drain().size();

        subscriber.disconnect().drain();
        b.client("s");
        scene.advance(Duration.ofMillis(60));

        assertThat(publisher.drain()).hasSize(QUEUE - before);
    }

    @Test
    void burst_clientIsOffline_isNotHeld() {
        b.persistent("s").subscribed("t", 1).disconnect().expectClosed();
        TestClient publisher = a.client("p");

        burst(publisher, 2 * QUEUE, 1);

        assertThat(publisher.drain()).hasSize(2 * QUEUE);
        assertThat(a.count(Counter.PUBLISHERS_HELD)).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void burst_depthIsNotToldAnyMore_isHeldForASecond(boolean fails) {
        b.persistent("s").subscribed("t", 1);
        TestClient publisher = a.client("p");
        if (fails) {
            a.backend().calls("positions").failRequests();
        } else {
            a.backend().calls("positions").holdRequests();
        }
        burst(publisher, QUEUE, 1);
        publisher.drain();

        scene.advance(Duration.ofMillis(999));
        assertThat(publisher.drain()).isEmpty();
        scene.advance(Duration.ofMillis(1));

        assertThat(publisher.drain()).isNotEmpty();
    }

    @Test
    void publish_toVeryManyDeepQueues_soManyAreWatchedAndTheOthersCounted() {
        List<Attached> sessions =
                IntStream.range(0, 10_010).mapToObj(this::sessionElsewhere).toList();
        List<Integer> asked = new ArrayList<>();
        a.backend().calls("positions").replace((arguments, store) -> {
            asked.add(((Collection<?>) arguments[0]).size());
            return new CompletableFuture<>();
        });
        a.backend().calls("enqueue").replace((arguments, store) -> {
            List<?> legs = (List<?>) arguments[1];
            for (int i = 0; i < legs.size(); i++) {
                Leg leg = (Leg) legs.get(i);
                assertThat(leg.session().client().value()).startsWith("s");
                ((SessionStore.EnqueueCallback) arguments[2])
                        .onStored(i, 100_000, new Owner(Optional.of(b.id()), 1), SessionStore.FIRST_SEQ - 1);
            }
            return null;
        });

        TestClient publisher = a.client("p").published("t", "m", 1);
        scene.advance(Duration.ofMillis(50));

        assertThat(asked).containsExactly(10_000);
        assertThat(a.count(Counter.DEEP_QUEUES_UNWATCHED)).isEqualTo(10);
        a.backend().calls("positions").pass();
        a.backend().calls("enqueue").pass();
        scene.advance(Duration.ofSeconds(1));
        publisher.published("u", "goes on", 1);
        sessions.forEach(each -> scene.shared().sessions().detach(each.fence(), SessionStore.Detach.CLEAN, 0));
    }

    private Attached sessionElsewhere(int number) {
        ClientId client = ClientId.of("s" + number);
        SessionStore store = scene.shared().sessions();
        Attached attached = store.attach(new SessionStore.AttachRequest(
                        client, Optional.empty(), new Token("t-" + number), b.id(), false, 60, Optional.empty(), 1))
                .toCompletableFuture()
                .join();
        store.subscribe(
                attached.fence(),
                new SessionStore.SubscriptionChange(
                        List.of(new Subscription(TopicFilter.of("t"), QoS.AT_LEAST_ONCE)), List.of(), 10));
        return attached;
    }

    /** All at once, as one that is in a hurry. */
    private static void burst(TestClient publisher, int count, int qos) {
        byte[][] packets = new byte[count][];
        for (int i = 0; i < count; i++) {
            packets[i] = Packets.publish("t", ("" + i).getBytes(), qos, false, i + 1, false);
        }
        publisher.sendRaw(Packets.concat(packets));
    }

    private static void take(TestClient subscriber, int max, List<String> received) {
        for (int i = 0; i < max; i++) {
            Optional<ServerPacket> packet = subscriber.poll();
            packet.filter(ServerPacket.Publish.class::isInstance)
                    .ifPresent(publish -> received.add(((ServerPacket.Publish) publish).text()));
        }
    }
}
