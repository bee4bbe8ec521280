package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.Fault;
import io.mqttparty.testkit.FaultyBackend;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A store that fails costs the connections that need it, without an acknowledgement of what was not stored, and nobody else. Its time limit is
 * 5 seconds.
 */
class FaultyStoreTest {
    private final FaultyBackend backend = new FaultyBackend();

    @AutoClose
    private final Scene scene = Scene.start(backend::use);

    private void fail(String method, Fault what) {
        backend.fail(method, what);
    }

    private void pass(Fault what) {
        scene.assertOthersGoOn();
        if (what == Fault.NEVER_ANSWERS) {
            scene.advanceSeconds(5.1);
        }
    }

    private void assertFailedAndRepaired(TestClient client) {
        client.expectClosed();
        assertThat(backend.calls()).isPositive();
        assertThat(scene.count(Counter.SPI_FAILURES)).isPositive();
        backend.repair();
        scene.advanceSeconds(35);
        scene.assertOthersGoOn();
    }

    // ---- sessions ----

    @ParameterizedTest
    @EnumSource
    void attach_faulty_connectRefusedWith3(Fault what) {
        fail("attach", what);
        TestClient client =
                TestClient.connect(scene.connection(), c -> c.clientId("c").cleanSession(false));
        pass(what);
        client.expectConnack(3, false);
        assertFailedAndRepaired(client);

        scene.persistent("c");
    }

    @ParameterizedTest
    @EnumSource
    void detach_faulty_repeatedUntilItIsDoneAndTheWillFiresOnce(Fault what) {
        TestClient watcher = scene.client("watcher").subscribed("will", 1);
        TestClient client = TestClient.connect(
                        scene.connection(),
                        c -> c.clientId("c").cleanSession(false).will("will", "x", 1, false))
                .expectConnack(0, false);
        fail("detach", what);
        client.close();
        for (int i = 0; i < 4; i++) {
            scene.advanceSeconds(5.1);
            scene.assertOthersGoOn();
        }
        assertThat(backend.calls()).isGreaterThan(2);
        watcher.expectNothing();

        backend.repair();
        scene.advanceSeconds(30);
        watcher.expectPublish("will", "x", 1);
        watcher.expectNothing();
        scene.resumed("c");
    }

    @ParameterizedTest
    @EnumSource
    void subscribe_faulty_closedWithoutSuback(Fault what) {
        TestClient client = scene.persistent("c");
        fail("subscribe", what);
        client.subscribe(1, "t", 1);
        pass(what);
        assertFailedAndRepaired(client);
    }

    @ParameterizedTest
    @EnumSource
    void unsubscribe_faulty_closedWithoutUnsuback(Fault what) {
        TestClient client = scene.persistent("c").subscribed("t", 1);
        fail("subscribe", what);
        client.unsubscribe(1, "t");
        pass(what);
        assertFailedAndRepaired(client);
    }

    @Test
    void sweep_faulty_othersGoOnAndLaterSweepsWork() {
        for (Fault what : Fault.values()) {
            fail("sweep", what);
            scene.advanceSeconds(8);
            assertThat(backend.calls()).isPositive();
            backend.repair();
            scene.assertOthersGoOn();
        }
        backend.fail("sweep", Fault.FAILS);
        scene.advanceSeconds(10);
        assertThat(backend.calls()).isPositive();
    }

    // ---- publishing ----

    @ParameterizedTest
    @EnumSource(names = {"THROWS", "THROWS_ERROR", "FAILS", "NEVER_ANSWERS"})
    @Tag("MQTT-4.8.0-2")
    void enqueue_faulty_noAcknowledgementAndPublisherClosed(Fault what) {
        TestClient subscriber = scene.persistent("s").subscribed("t", 2);
        TestClient publisher = scene.client("p");
        fail("enqueue", what);
        publisher.publish("t", "lost", 1, 1);
        pass(what);
        assertFailedAndRepaired(publisher);

        assertThat(scene.count(Counter.PUBLISHES_FAILED)).isEqualTo(1);
        subscriber.expectNothing();
        scene.client("p").published("t", "next", 1);
        subscriber.expectPublish("t", "next", 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"THROWS", "FAILS", "NEVER_ANSWERS"})
    void enqueue_faultyForTheApplication_itsStageFails(Fault what) {
        scene.persistent("s").subscribed("t", 2);
        fail("enqueue", what);
        var stage = scene.broker()
                .publish(new Message(TopicName.of("t"), Payload.EMPTY, QoS.AT_LEAST_ONCE, false))
                .toCompletableFuture();
        pass(what);
        assertThat(stage).isCompletedExceptionally();
    }

    @ParameterizedTest
    @EnumSource
    void publishQos2_faulty_noPubrecAndClosed(Fault what) {
        TestClient watcher = scene.client("watcher").subscribed("t", 2);
        TestClient publisher = scene.persistent("p");
        fail("publishQos2", what);
        publisher.publish("t", "x", 2, 1);
        pass(what);
        assertFailedAndRepaired(publisher);

        watcher.expectNothing();
        TestClient back = scene.resumed("p");
        back.publish("t", "x", 2, false, 1, true).expectPubrec(1);
        back.pubrel(1).expectPubcomp(1);
        watcher.pubrec(watcher.expectPublish("t", "x", 2).packetId());
    }

    @Test
    @Tag("MQTT-4.3.3-2")
    void publishQos2_answerLost_resendWakesThoseWhomItReached() {
        TestClient subscriber = scene.persistent("s").subscribed("t", 2);
        TestClient member = scene.persistent("m").subscribed("$share/g/t", 1);
        TestClient otherMember = scene.persistent("n").subscribed("$share/g/t", 1);
        TestClient publisher = scene.persistent("p");
        backend.loseAnswers("publishQos2");
        publisher.publish("t", "x", 2, 1);
        scene.advanceSeconds(5.1);
        assertFailedAndRepaired(publisher);
        subscriber.expectNothing();

        TestClient back = scene.resumed("p");
        back.publish("t", "x", 2, false, 1, true).expectPubrec(1);
        int packetId = subscriber.expectPublish("t", "x", 2).packetId();
        subscriber.pubrec(packetId).expectPubrel(packetId).pubcomp(packetId);
        assertThat(member.drain().size() + otherMember.drain().size()).isEqualTo(1);

        back.publish("t", "x", 2, false, 1, true).expectPubrec(1);
        back.pubrel(1).expectPubcomp(1).published("t", "next", 2);
        assertThat(member.drain().size() + otherMember.drain().size()).isEqualTo(1);
        subscriber.expectPublish("t", "next", 2);
        subscriber.expectNothing();
    }

    @Test
    void publishQos2_answerLostAndOwnerResumingMeanwhile_deliveredOnce() {
        scene.persistent("s").subscribed("t", 2).disconnect().expectClosed();
        TestClient publisher = scene.persistent("p");
        backend.loseAnswers("publishQos2");
        publisher.publish("t", "x", 2, 1);
        scene.advanceSeconds(5.1);
        assertFailedAndRepaired(publisher);

        TestClient subscriber = scene.resumed("s");
        subscriber.expectPublish("t", "x", 2);
        scene.resumed("p").publish("t", "x", 2, false, 1, true).expectPubrec(1);
        subscriber.expectNothing();
    }

    @ParameterizedTest
    @EnumSource
    void qos2In_faultyAtPubrel_noPubcompAndClosed(Fault what) {
        TestClient publisher = scene.persistent("p");
        publisher.publish("t", "x", 2, 1).expectPubrec(1);
        fail("qos2In", what);
        publisher.pubrel(1);
        pass(what);
        assertFailedAndRepaired(publisher);

        scene.resumed("p").pubrel(1).expectPubcomp(1);
    }

    @ParameterizedTest
    @EnumSource
    void retainedPut_faulty_noAcknowledgementAndNothingRouted(Fault what) {
        TestClient watcher = scene.client("watcher").subscribed("t", 1);
        TestClient publisher = scene.client("p");
        fail("put", what);
        publisher.publish("t", "x", 1, true, 1, false);
        pass(what);
        assertFailedAndRepaired(publisher);

        watcher.expectNothing();
        assertThat(scene.count(Counter.PUBLISHES_FAILED)).isEqualTo(1);
    }

    // ---- receiving ----

    @ParameterizedTest
    @EnumSource
    void read_faulty_subscriberClosedAndNothingLost(Fault what) {
        TestClient subscriber = scene.persistent("s").subscribed("t", 1);
        TestClient publisher = scene.client("p");
        for (int i = 0; i < 40; i++) {
            publisher.published("t", "" + i, 1);
        }
        fail("read", what);
        for (int i = 0; i < 32; i++) {
            subscriber.expectPublish("t", "" + i);
        }
        subscriber.puback(1);
        pass(what);
        assertFailedAndRepaired(subscriber);

        TestClient back = scene.resumed("s");
        for (int i = 1; i < 40; i++) {
            back.puback(back.expectPublish("t", "" + i).packetId());
        }
        publisher.pingreq().expectPingresp();
    }

    @ParameterizedTest
    @EnumSource
    void qos2Out_faultyAtPubrec_noPubrelAndClosed(Fault what) {
        TestClient subscriber = scene.persistent("s").subscribed("t", 2);
        scene.client("p").published("t", "x", 2);
        int packetId = subscriber.expectPublish("t", "x", 2).packetId();
        fail("qos2Out", what);
        subscriber.pubrec(packetId);
        pass(what);
        assertFailedAndRepaired(subscriber);

        assertThat(scene.resumed("s").expectPublish("t", "x", 2).dup()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"THROWS", "THROWS_CHECKED", "THROWS_ERROR"})
    void acknowledge_throws_clientGoesOnAndGetsItAgain(Fault what) {
        TestClient subscriber = scene.persistent("s").subscribed("t", 1);
        TestClient publisher = scene.client("p").published("t", "1", 1);
        fail("acknowledge", what);
        subscriber.puback(subscriber.expectPublish("t", "1").packetId());
        publisher.published("t", "2", 1);
        subscriber
                .puback(subscriber.expectPublish("t", "2").packetId())
                .disconnect()
                .expectClosed();
        assertThat(scene.count(Counter.SPI_FAILURES)).isEqualTo(2);
        backend.repair();

        TestClient back = scene.resumed("s");
        assertThat(back.expectPublish("t", "1").dup()).isTrue();
        assertThat(back.expectPublish("t", "2").dup()).isTrue();
        scene.assertOthersGoOn();
    }

    @ParameterizedTest
    @EnumSource
    void retainedMatch_faulty_subscriberClosed(Fault what) {
        scene.client("p").publish("t", "kept", 1, true, 1, false).expectPuback(1);
        TestClient transientOne = scene.client("transient");
        TestClient persistent = scene.persistent("persistent");
        fail("match", what);
        transientOne.subscribed("t", 1);
        persistent.subscribed("t", 1);
        pass(what);
        transientOne.expectClosed();
        assertFailedAndRepaired(persistent);

        scene.resumed("persistent").expectPublish("t", "kept", 1);
    }

    @ParameterizedTest
    @EnumSource
    void enqueueRetained_faulty_closedAndResumedLater(Fault what) {
        scene.client("p").publish("t", "kept", 1, true, 1, false).expectPuback(1);
        TestClient subscriber = scene.persistent("s");
        fail("enqueueRetained", what);
        subscriber.subscribed("t", 1);
        pass(what);
        assertFailedAndRepaired(subscriber);

        scene.resumed("s").expectPublish("t", "kept", 1);
    }

    // ---- wills ----

    @ParameterizedTest
    @EnumSource
    void fireWill_faulty_firedOnceLater(Fault what) {
        assertWillFiresOnceLater("fireWill", what, false);
    }

    @ParameterizedTest
    @EnumSource
    void retainWill_faulty_firedOnceLater(Fault what) {
        assertWillFiresOnceLater("retainWill", what, true);
    }

    private void assertWillFiresOnceLater(String method, Fault what, boolean retain) {
        TestClient watcher = scene.client("watcher").subscribed("will", 1);
        TestClient client = TestClient.connect(
                        scene.connection(), c -> c.clientId("c").will("will", "x", 1, retain))
                .expectConnack(0, false);
        fail(method, what);
        client.close();
        scene.advanceSeconds(12);
        assertThat(backend.calls()).isPositive();
        watcher.expectNothing();
        scene.assertOthersGoOn();

        backend.repair();
        scene.advanceSeconds(12);
        watcher.expectPublish("will", "x", 1);
        watcher.expectNothing();
        assertThat(scene.count(Counter.WILLS_PUBLISHED)).isEqualTo(1);
        if (retain) {
            assertThat(scene.client("late")
                            .subscribed("will", 1)
                            .expect(ServerPacket.Publish.class)
                            .retain())
                    .isTrue();
        }
    }
}
