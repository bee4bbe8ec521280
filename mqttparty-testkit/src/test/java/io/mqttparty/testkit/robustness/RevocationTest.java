package io.mqttparty.testkit.robustness;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.DeliveryResult;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Authorizer;
import io.mqttparty.spi.DropReason;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.TestClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A right that is taken away also counts for what was stored while it was there. */
class RevocationTest {
    private final Rights rights = new Rights();

    @AutoClose
    private final Scene scene = Scene.start(b -> b.allowAnonymous().authorizer(rights));

    /** What "c" may not do any more. */
    private static final class Rights implements Authorizer {
        private final Set<String> noPublish = new HashSet<>();
        private final Set<String> noSubscribe = new HashSet<>();
        private final Set<String> noReceive = new HashSet<>();
        private final List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
        private boolean slow;

        @Override
        public CompletionStage<Boolean> mayPublish(ClientInfo client, TopicName topic) {
            return answer(client, noPublish, topic.value());
        }

        @Override
        public CompletionStage<Boolean> maySubscribe(ClientInfo client, Subscription subscription) {
            return answer(client, noSubscribe, subscription.filter().value());
        }

        @Override
        public CompletionStage<Boolean> mayReceive(ClientInfo client, TopicName topic) {
            return answer(client, noReceive, topic.value());
        }

        private CompletionStage<Boolean> answer(ClientInfo client, Set<String> denied, String what) {
            if (slow && client.clientId().value().equals("c")) {
                waiting.add(new CompletableFuture<>());
                return waiting.get(waiting.size() - 1);
            }
            return CompletableFuture.completedFuture(!client.clientId().value().equals("c") || !denied.contains(what));
        }
    }

    @Test
    void retained_revoked_notSentToANewSubscription() {
        for (String topic : List.of("open", "secret")) {
            scene.client("p").publish(topic, "x", 1, true, 1, false).expectPuback(1);
        }
        rights.noReceive.add("secret");

        TestClient transientOne = scene.client("c").subscribed("+", 1);
        transientOne.expectPublish("open", "x");
        transientOne.expectNothing();
        transientOne.disconnect().expectClosed();
        assertThat(scene.count(DropReason.NOT_AUTHORIZED_TO_RECEIVE)).isEqualTo(1);

        TestClient atQos0 = scene.persistent("c").subscribed("+", 0);
        atQos0.expectPublish("open", "x", 0);
        atQos0.expectNothing();
    }

    @Test
    void retained_revoked_notSentToAPersistentSessionEither() {
        for (String topic : List.of("open", "secret")) {
            scene.client("p").publish(topic, "x", 1, true, 1, false).expectPuback(1);
        }
        rights.noReceive.add("secret");

        TestClient persistent = scene.persistent("c").subscribed("+", 1);
        persistent.expectPublish("open", "x", 1);
        persistent.expectNothing();
        assertThat(scene.count(DropReason.NOT_AUTHORIZED_TO_RECEIVE)).isEqualTo(1);
    }

    @Test
    void queued_revoked_droppedAtReconnectAndCounted() {
        scene.persistent("c").subscribed("+", 1).disconnect().expectClosed();
        TestClient publisher = scene.client("p").published("secret", "1", 1).published("open", "2", 1);
        rights.noReceive.add("secret");

        TestClient back = scene.resumed("c");
        back.puback(back.expectPublish("open", "2", 1).packetId()).expectNothing();
        assertThat(scene.count(DropReason.NOT_AUTHORIZED_TO_RECEIVE)).isEqualTo(1);
        assertThat(scene.events().lines()).contains("dropped c secret NOT_AUTHORIZED_TO_RECEIVE");

        back.disconnect().expectClosed();
        rights.noReceive.clear();
        scene.resumed("c").expectNothing(); // it does not come back with the right
        publisher.pingreq().expectPingresp();
    }

    @Test
    void resent_revoked_notSentAgain() {
        TestClient first = scene.persistent("c").subscribed("+", 2);
        TestClient publisher = scene.client("p")
                .published("secret", "1", 1)
                .published("secret", "2", 2)
                .published("open", "3", 1);
        assertThat(first.drain()).hasSize(3);
        first.close();
        rights.noReceive.add("secret");

        TestClient back = scene.resumed("c");
        assertThat(back.expectPublish("open", "3", 1).dup()).isTrue();
        back.expectNothing();
        assertThat(scene.count(DropReason.NOT_AUTHORIZED_TO_RECEIVE)).isEqualTo(2);
        publisher.published("open", "4", 1);
        back.expectPublish("open", "4", 1);
    }

    @Test
    void queuedBeyondTheFirstWindow_revoked_droppedPageByPage() {
        scene.persistent("c").subscribed("+", 1).disconnect().expectClosed();
        TestClient publisher = scene.client("p");
        for (int i = 0; i < 300; i++) {
            publisher.published(i % 2 == 0 ? "secret" : "open", "" + i, 1);
        }
        rights.noReceive.add("secret");

        TestClient back = scene.resumed("c");
        for (int i = 1; i < 300; i += 2) {
            back.puback(back.expectPublish("open", "" + i, 1).packetId());
        }
        back.expectNothing();
        assertThat(scene.count(DropReason.NOT_AUTHORIZED_TO_RECEIVE)).isEqualTo(150);
    }

    @Test
    void subscription_revoked_goneWhenTheSessionIsResumed() {
        scene.persistent("c")
                .subscribed("open", 1)
                .subscribed("secret", 1)
                .disconnect()
                .expectClosed();
        rights.noSubscribe.add("secret");

        TestClient back = scene.resumed("c");
        scene.client("p").published("secret", "x", 1).published("open", "y", 1);
        back.puback(back.expectPublish("open", "y", 1).packetId()).expectNothing();

        back.disconnect().expectClosed();
        rights.noSubscribe.clear();
        TestClient again = scene.resumed("c");
        scene.client("p2").published("secret", "x", 1);
        again.expectNothing();
    }

    @Test
    void will_revoked_notPublishedAndNotRetained() {
        TestClient watcher = scene.client("watcher").subscribed("#", 1);
        TestClient client = TestClient.connect(
                        scene.connection(), c -> c.clientId("c").will("secret", "x", 1, true))
                .expectConnack(0, false);
        rights.noPublish.add("secret");
        client.close();
        scene.advanceSeconds(5);

        watcher.expectNothing();
        assertThat(scene.count(DropReason.NOT_AUTHORIZED_TO_PUBLISH)).isEqualTo(1);
        scene.client("late").subscribed("secret", 0).expectNothing();
    }

    @Test
    void will_ofATopicThatOnlyTheBrokerMayUse_connectRefused() {
        for (String topic : List.of("$SYS/broker/uptime", "$share/g/t")) {
            TestClient.connect(scene.connection(), c -> c.clientId("c").will(topic, "x", 0, false))
                    .expectConnack(5, false)
                    .expectClosed();
        }
        scene.assertOthersGoOn();
    }

    @Test
    void publish_whileTheSessionIsBeingResumed_arrives() {
        scene.persistent("c").subscribed("t", 1).disconnect().expectClosed();
        rights.slow = true;
        TestClient back =
                TestClient.connect(scene.connection(), c -> c.clientId("c").cleanSession(false));
        assertThat(rights.waiting).hasSize(1);
        scene.client("p").published("t", "meanwhile", 1);
        rights.slow = false;
        rights.waiting.get(0).complete(true);
        scene.clock().runUntilIdle();

        back.expectConnack(0, true).expectPublish("t", "meanwhile", 1);
    }

    @Test
    void subscribe_connectionGoneWhileItIsDecided_leavesNoRoute() {
        TestClient client = scene.client("c");
        rights.slow = true;
        client.subscribe(1, "t", 1);
        Scene.connectionOf(client).resetByPeer();
        rights.waiting.forEach(each -> each.complete(true));
        scene.clock().runUntilIdle();

        assertNobodySubscribed(scene, "t");
        scene.assertOthersGoOn();
    }

    @Test
    void subscribe_connectionGoneBetweenTwoFilters_leavesNoRoute() {
        try (Scene two = Scene.start(2, MqttPartyBuilder::allowAnonymous)) {
            LoopbackConnection pipe = two.transport().connectOn(1); // the first loop writes the routes
            TestClient client = TestClient.connected(pipe, "c");
            two.clock().stepManually();
            client.subscribe(1, entry("first", 1), entry("second", 1));
            two.transport().eventLoop(1).runOneTurn();
            pipe.resetByPeer();
            two.transport().eventLoop(1).runOneTurn();
            two.clock().stepAutomatically();
            two.clock().runUntilIdle();

            assertNobodySubscribed(two, "first");
            assertNobodySubscribed(two, "second");
        }
    }

    private static void assertNobodySubscribed(Scene scene, String topic) {
        Message message = new Message(TopicName.of(topic), Payload.EMPTY, QoS.AT_LEAST_ONCE, false);
        assertThat(scene.broker().publish(message).toCompletableFuture().join().outcome())
                .isEqualTo(DeliveryResult.Outcome.NO_SUBSCRIBER);
    }
}
