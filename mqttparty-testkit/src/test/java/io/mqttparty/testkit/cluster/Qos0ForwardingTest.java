package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.testkit.BrokerEvent;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** QoS 0 to a persistent session that is connected to another node. */
class Qos0ForwardingTest {
    private final ClusterScene scene = ClusterScene.of(3);
    private final ClusterNode a = scene.node(0);
    private final ClusterNode b = scene.node(1);
    private final ClusterNode c = scene.node(2);
    private final TestClient publisher = a.client("p");

    @AfterEach
    void stop() {
        scene.close();
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "0,2", "1,0", "2,0"})
    void publish_clientOnAnotherNode_getsItOnceAtQos0(int published, int granted) {
        TestClient subscriber = b.persistent("s").subscribed("t", granted);

        publisher.published("t", "m", published);

        subscriber.expectPublish("t", "m", 0);
        subscriber.expectNothing();
        assertThat(a.count(Counter.QOS0_FORWARDED)).isEqualTo(1);
        assertThat(c.backend().bus().received(BusRecord.Forward.class)).isEmpty();
    }

    @Test
    void publish_sharedSubscriptionOfAClientOnAnotherNode_getsIt() {
        TestClient subscriber = b.persistent("s").subscribed("$share/g/t", 0);

        publisher.publish("t", "m");

        subscriber.expectPublish("t", "m", 0);
    }

    @Test
    void publish_clientOnThisNode_asksNobody() {
        TestClient subscriber = a.persistent("s").subscribed("t", 0);

        publisher.publish("t", "m");

        subscriber.expectPublish("t", "m", 0);
        assertThat(a.count(Counter.OWNER_LOOKUPS)).isZero();
        assertThat(a.count(Counter.QOS0_FORWARDED)).isZero();
    }

    // ---- the owner cache ----

    @Test
    void publish_again_isLookedUpOnceInTwoSeconds() {
        TestClient subscriber = b.persistent("s").subscribed("t", 0);
        publisher.publish("t", "1");
        scene.advance(Duration.ofMillis(1_900));
        publisher.publish("t", "2");
        assertThat(a.count(Counter.OWNER_LOOKUPS)).isEqualTo(1);

        scene.advance(Duration.ofMillis(200));
        publisher.publish("t", "3");

        assertThat(a.count(Counter.OWNER_LOOKUPS)).isEqualTo(2);
        List.of("1", "2", "3").forEach(payload -> subscriber.expectPublish("t", payload, 0));
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void publish_afterADurableOne_needsNoLookUp(int qos) {
        TestClient subscriber = b.persistent("s").subscribed("t", 2).acknowledgeAll();
        TestClient persistent = a.persistent("pp");

        persistent.published("t", "1", qos).publish("t", "2");

        subscriber.expectPublish("t", "1", qos);
        subscriber.expectPublish("t", "2", 0);
        assertThat(a.count(Counter.OWNER_LOOKUPS)).isZero();
    }

    @Test
    void find_ofTheApplication_tellsTheCache() {
        TestClient subscriber = b.persistent("s").subscribed("t", 0);
        scene.now(a.broker().clients().find(ClientId.of("s")));

        publisher.publish("t", "m");

        subscriber.expectPublish("t", "m", 0);
        assertThat(a.count(Counter.OWNER_LOOKUPS)).isZero();
    }

    // ---- clients that are elsewhere or nowhere ----

    @Test
    void publish_clientThatIsOffline_isDroppedAndCounted() {
        b.persistent("s").subscribed("t", 0).disconnect().expectClosed();

        publisher.publish("t", "1").publish("t", "2");

        assertThat(a.count(DropReason.OFFLINE_QOS0)).isEqualTo(2);
        b.resumed("s").expectNothing();
    }

    @Test // a look-up that found nobody is not kept: who has just connected gets what follows
    void publish_clientThatWasOffline_getsWhatComesAfterItConnected() {
        b.persistent("s").subscribed("t", 0).disconnect().expectClosed();
        publisher.publish("t", "1");

        TestClient subscriber = b.resumed("s");
        publisher.publish("t", "2");

        subscriber.expectPublish("t", "2", 0);
    }

    @Test
    void publish_clientThatMoved_isDroppedByTheOldNodeAndReachesTheNewOne() {
        b.persistent("s").subscribed("t", 0);
        publisher.publish("t", "1");
        TestClient moved = c.resumed("s");

        publisher.publish("t", "2");
        moved.expectNothing();
        assertThat(b.count(DropReason.MOVED_QOS0)).isEqualTo(1);
        assertThat(a.backend().bus().received(BusRecord.NotOwner.class))
                .containsExactly(new BusRecord.NotOwner(ClientId.of("s")));

        publisher.publish("t", "3");
        moved.expectPublish("t", "3", 0);
        assertThat(c.backend().bus().received(BusRecord.Forward.class)).hasSize(1);
    }

    @Test
    void publish_toANodeThatIsGone_isDroppedAndLookedUpNextTime() {
        b.persistent("s").subscribed("t", 0);
        publisher.publish("t", "1");
        b.kill();
        b.backend().bus().reap();

        publisher.publish("t", "2").publish("t", "3");

        assertThat(a.count(DropReason.MOVED_QOS0)).isEqualTo(1);
        assertThat(a.count(DropReason.OFFLINE_QOS0)).isEqualTo(1);
    }

    @Test
    void forward_forAnotherIncarnation_isDropped() {
        TestClient subscriber = b.persistent("s").subscribed("t", 0);
        b.backend().bus().hold(BusRecord.Forward.class::isInstance);
        publisher.publish("t", "m");
        subscriber.disconnect().expectClosed();
        b.client("s").disconnect().expectClosed();
        TestClient next = b.persistent("s").subscribed("t", 0);

        b.backend().bus().release();
        scene.clock().runUntilIdle();

        next.expectNothing();
        assertThat(b.count(DropReason.MOVED_QOS0)).isEqualTo(1);
    }

    // ---- while the look-up lasts ----

    @Test
    void publish_whileLookedUp_waitsBehindInOrder() {
        TestClient subscriber = b.persistent("s").subscribed("t", 1);
        TestClient other = a.client("p2");
        Runnable answer = delayLookUps();

        publisher.publish("t", "1");
        publisher.publish("t", "2");
        other.publish("t", "3");
        subscriber.expectNothing();
        answer.run();

        List.of("1", "2", "3").forEach(payload -> subscriber.expectPublish("t", payload, 0));
        assertThat(a.count(Counter.OWNER_LOOKUPS)).isEqualTo(1);
    }

    @Test // what the cache hears meanwhile lets nothing overtake
    void publish_whileLookedUpAndHeardOf_waitsBehindAllTheSame() {
        TestClient subscriber = b.persistent("s").subscribed("t", 1).acknowledgeAll();
        Runnable answer = delayLookUps();

        publisher.publish("t", "1").published("t", "durable", 1).publish("t", "2");
        subscriber.expectPublish("t", "durable", 1);
        subscriber.expectNothing();
        answer.run();

        subscriber.expectPublish("t", "1", 0);
        subscriber.expectPublish("t", "2", 0);
    }

    @Test
    void publish_tooManyForOneClient_areDroppedAndCounted() {
        TestClient subscriber = b.persistent("s").subscribed("t", 0);
        Runnable answer = delayLookUps();

        for (int i = 0; i < 300; i++) {
            publisher.publish("t", "" + i);
        }
        assertThat(a.count(DropReason.OWNER_UNKNOWN)).isEqualTo(300 - 256);
        answer.run();

        for (int i = 0; i < 256; i++) {
            subscriber.expectPublish("t", "" + i, 0);
        }
        subscriber.expectNothing();
    }

    @Test
    void publish_tooManyForAll_areDroppedAndCounted() {
        List<TestClient> subscribers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            subscribers.add(b.persistent("s" + i).subscribed("t", 0));
        }
        Runnable answer = delayLookUps();

        for (int i = 0; i < 210; i++) {
            publisher.publish("t", "m");
        }
        assertThat(a.count(DropReason.OWNER_UNKNOWN)).isEqualTo(50 * 210 - 10_000);
        answer.run();

        assertThat(subscribers).allSatisfy(each -> assertThat(each.drain()).hasSize(200));
    }

    @Test
    void publish_lookUpFails_isDroppedAndCounted() {
        b.persistent("s").subscribed("t", 0);
        a.backend().calls("locate").failRequests();

        publisher.publish("t", "m");

        assertThat(a.count(DropReason.OWNER_UNKNOWN)).isEqualTo(1);
        assertThat(a.events().events(BrokerEvent.Dropped.class)).hasSize(1);
    }

    @Test
    void publish_lookUpIsLost_isDroppedInTime() {
        b.persistent("s").subscribed("t", 0);
        a.backend().calls("locate").holdRequests();
        publisher.publish("t", "m");

        scene.advance(Duration.ofSeconds(5));

        assertThat(a.count(DropReason.OWNER_UNKNOWN)).isEqualTo(1);
    }

    /** Look-ups of node a wait until the result is run. */
    private Runnable delayLookUps() {
        a.backend().calls("locate").holdRequests();
        return () -> {
            a.backend().calls("locate").release();
            scene.clock().runUntilIdle();
        };
    }
}
