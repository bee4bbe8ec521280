package io.mqttparty.testkit.robustness;

import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.model.Limits;
import io.mqttparty.testkit.FakeClock;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A broker, and beside whatever happens to it an innocent client that must not notice. */
final class Scene extends TestBroker {
    private final TestClient innocent;
    private int turns;

    private Scene(int eventLoops, Consumer<MqttPartyBuilder> choice) {
        super(FakeClock.create(), eventLoops, 7, choice);
        innocent = client("innocent").subscribed("innocent/+", 1);
    }

    public static Scene start() {
        return start(MqttPartyBuilder::allowAnonymous);
    }

    /** A broker for everybody with other limits. */
    public static Scene limited(UnaryOperator<Limits> change) {
        return start(b -> b.allowAnonymous().limits(change.apply(Limits.DEFAULTS)));
    }

    public static Scene start(Consumer<MqttPartyBuilder> choice) {
        return start(1, choice);
    }

    public static Scene start(int eventLoops, Consumer<MqttPartyBuilder> choice) {
        return new Scene(eventLoops, choice);
    }

    /** The client that has been there all the time still publishes, receives and is answered. */
    void assertOthersGoOn() {
        String payload = "turn " + ++turns;
        innocent.published("innocent/t", payload, 1);
        int packetId = innocent.expectPublish("innocent/t", payload, 1).packetId();
        innocent.puback(packetId).pingreq().expectPingresp().expectNothing();
    }
}
