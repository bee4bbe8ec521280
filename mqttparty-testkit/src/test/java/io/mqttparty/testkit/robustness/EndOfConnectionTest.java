package io.mqttparty.testkit.robustness;

import static io.mqttparty.testkit.robustness.Scene.connectionOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.TopicFilter;
import io.mqttparty.testkit.ControlledAuthorizer;
import io.mqttparty.testkit.ControlledUpstream;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.TestClient;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections that end, or are released, while something of them is still going on. */
class EndOfConnectionTest {
    @Test
    @Tag("MQTT-3.14.4-3")
    void disconnect_behindAPublishThatIsBeingAuthorized_noWillAndThePublishGoesOn() {
        ControlledAuthorizer authorizer = new ControlledAuthorizer();
        authorizer.calls().answerEach(question -> true);
        try (Scene scene = Scene.start(b -> b.allowAnonymous().authorizer(authorizer))) {
            TestClient watcher = scene.client("watcher").subscribed("#", 0);
            TestClient leaving = TestClient.connect(
                            scene.connection(), c -> c.clientId("leaving").will("will", "gone", 0, false))
                    .expectConnack(0, false);
            authorizer.calls().hold();

            leaving.publish("t", "last words").disconnect();
            connectionOf(leaving).resetByPeer();
            authorizer.calls().answer(true);
            scene.advanceSeconds(10);

            watcher.expectPublish("t", "last words");
            watcher.expectNothing();
        }
    }

    @Test
    @Tag("MQTT-3.14.4-3")
    void disconnect_withAPublishOpenAndAtOnceBack_noWill() {
        ControlledUpstream upstream = new ControlledUpstream();
        try (Scene scene = Scene.start(b -> b.allowAnonymous().upstream(TopicFilter.of("up/#"), upstream))) {
            TestClient watcher = scene.client("watcher").subscribed("will", 0);
            TestClient.connect(scene.connection(), c -> c.clientId("a").will("will", "gone", 0, false))
                    .expectConnack(0, false)
                    .publish("up/x", "slow", 1, 1)
                    .disconnect();

            TestClient back = TestClient.connect(scene.connection(), c -> c.clientId("a"));
            scene.advanceSeconds(1);
            back.expectConnack(0, false);
            upstream.take();
            scene.advanceSeconds(10);

            watcher.expectNothing();
        }
    }

    @Test
    void publishes_overTheBudgetWithinOneTurnOnly_publisherIsReadAgain() {
        try (Scene scene = Scene.limited(limits -> limits.withTotalBytes(20_000))) {
            for (int i = 0; i < 20; i++) {
                scene.client("s" + i).subscribed("t", 0);
            }
            TestClient publisher = scene.client("publisher");
            byte[] publish = Packets.publish("t", "x".repeat(2_000), 0, false, 0, false);

            publisher.sendRaw(Packets.concat(publish, publish, publish));
            publisher.pingreq().expectPingresp();

            assertThat(connectionOf(publisher).isBrokerReading()).isTrue();
        }
    }

    @Test
    void disconnect_behindAnswersThatPiledUp_theNextConnectionsGetOnlyTheirOwn() {
        try (Scene scene = Scene.start()) {
            ByteArrayOutputStream filters = new ByteArrayOutputStream();
            filters.writeBytes(new byte[] {0, 1});
            for (int i = 0; i < 65_000; i++) {
                filters.writeBytes(new byte[] {0, 1, 'a', 0});
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(Packets.packet(8, 2, filters.toByteArray()));
            for (int i = 0; i < 400; i++) {
                all.writeBytes(Packets.pingreq());
            }
            all.writeBytes(Packets.disconnect());
            TestClient greedy = scene.client("greedy");
            greedy.sendRaw(all.toByteArray());
            greedy.drain();
            assertThat(connectionOf(greedy).isOpen()).isFalse();

            TestClient one = scene.client("one").subscribed("1", 0);
            TestClient two = scene.client("two").subscribed("2", 0);
            TestClient publisher = scene.client("publisher");
            byte[] both = Packets.concat(
                    Packets.publish("1", "for one", 0, false, 0, false),
                    Packets.publish("2", "for two", 0, false, 0, false));
            publisher.sendRaw(both);

            one.expectPublish("1", "for one");
            one.expectNothing();
            two.expectPublish("2", "for two");
            two.expectNothing();
        }
    }
}
