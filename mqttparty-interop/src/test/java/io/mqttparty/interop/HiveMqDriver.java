package io.mqttparty.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.Mqtt3ClientBuilder;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The HiveMQ MQTT client. */
record HiveMqDriver() implements ClientDriver {
    @Override
    public void publish(int port, Outgoing messages) {
        Mqtt3AsyncClient client = builder(port).buildAsync();
        done(client.connect());
        List<CompletableFuture<Mqtt3Publish>> sent = messages.payloads().stream()
                .map(payload -> client.publish(message(messages.topic(), payload, messages.qos(), messages.retain())))
                .toList();
        sent.forEach(HiveMqDriver::done);
        done(client.disconnect());
    }

    @Override
    public Subscriber subscribe(int port, Subscribing how) {
        HiveMqSubscriber subscriber = new HiveMqSubscriber(client(port, how));
        assertThat(subscriber.connect(how.cleanSession())).as("session present").isFalse();
        subscriber.subscribe(how.filter(), MqttQos.fromCode(how.qos()));
        return subscriber;
    }

    @Override
    public Subscriber resume(int port, Subscribing how) {
        HiveMqSubscriber subscriber = new HiveMqSubscriber(client(port, how));
        assertThat(subscriber.connect(how.cleanSession())).as("session present").isTrue();
        return subscriber;
    }

    private static Mqtt3AsyncClient client(int port, Subscribing how) {
        Mqtt3ClientBuilder once = builder(port).identifier(how.clientId());
        Mqtt3ClientBuilder client = how.cleanSession() ? once : reconnecting(once);
        return how.will()
                .map(will -> client.willPublish(message(will.topic(), will.payload(), will.qos(), will.retain())))
                .orElse(client)
                .buildAsync();
    }

    private static Mqtt3ClientBuilder reconnecting(Mqtt3ClientBuilder client) {
        return client.automaticReconnect()
                .initialDelay(100, TimeUnit.MILLISECONDS)
                .applyAutomaticReconnect();
    }

    private static Mqtt3ClientBuilder builder(int port) {
        return Mqtt3Client.builder().serverHost("127.0.0.1").serverPort(port);
    }

    private static Mqtt3Publish message(String topic, String payload, int qos, boolean retain) {
        return Mqtt3Publish.builder()
                .topic(topic)
                .payload(payload.getBytes(UTF_8))
                .qos(MqttQos.fromCode(qos))
                .retain(retain)
                .build();
    }

    static <T> T done(CompletableFuture<T> future) {
        try {
            return future.get(Deadline.STEP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the HiveMQ client failed", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("the HiveMQ client did not get an answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public String toString() {
        return "HiveMQ client";
    }
}
