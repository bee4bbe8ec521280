package io.mqttparty.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Eclipse Paho for Java. */
record PahoDriver() implements ClientDriver {
    @Override
    public void publish(int port, Outgoing messages) {
        try (MqttAsyncClient client = client(port, UUID.randomUUID().toString())) {
            MqttConnectOptions options = options();
            options.setCleanSession(true);
            options.setMaxInflight(messages.payloads().size());
            done(client.connect(options));
            List<IMqttToken> tokens = new ArrayList<>();
            for (String payload : messages.payloads()) {
                tokens.add(
                        client.publish(messages.topic(), payload.getBytes(UTF_8), messages.qos(), messages.retain()));
            }
            for (IMqttToken token : tokens) {
                done(token);
            }
            done(client.disconnect());
        } catch (MqttException e) {
            throw new AssertionError("Paho could not publish", e);
        }
    }

    @Override
    public Subscriber subscribe(int port, Subscribing how) {
        try {
            PahoSubscriber subscriber = new PahoSubscriber(client(port, how.clientId()));
            assertThat(subscriber.connect(options(how))).as("session present").isFalse();
            assertThat(subscriber.subscribe(how.filter(), how.qos())).isEqualTo(how.qos());
            return subscriber;
        } catch (MqttException e) {
            throw new AssertionError("Paho could not subscribe", e);
        }
    }

    @Override
    public Subscriber resume(int port, Subscribing how) {
        try {
            PahoSubscriber subscriber = new PahoSubscriber(client(port, how.clientId()));
            assertThat(subscriber.connect(options(how))).as("session present").isTrue();
            return subscriber;
        } catch (MqttException e) {
            throw new AssertionError("Paho could not connect", e);
        }
    }

    private static MqttAsyncClient client(int port, String clientId) throws MqttException {
        return new MqttAsyncClient("tcp://127.0.0.1:" + port, clientId, new MemoryPersistence());
    }

    private static MqttConnectOptions options(Subscribing how) {
        MqttConnectOptions options = options();
        options.setCleanSession(how.cleanSession());
        options.setAutomaticReconnect(!how.cleanSession());
        how.will()
                .ifPresent(will ->
                        options.setWill(will.topic(), will.payload().getBytes(UTF_8), will.qos(), will.retain()));
        return options;
    }

    private static MqttConnectOptions options() {
        MqttConnectOptions options = new MqttConnectOptions();
        // Its default tries 3.1 after a failed 3.1.1.
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        return options;
    }

    static void done(IMqttToken token) throws MqttException {
        token.waitForCompletion(Deadline.STEP.toMillis());
    }

    @Override
    public String toString() {
        return "Paho";
    }
}
