package io.mqttparty.examples;

import io.mqttparty.Clients.SendOptions;
import io.mqttparty.Clients.SendResult;
import io.mqttparty.DeliveryResult;
import io.mqttparty.MqttParty;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicName;
import io.mqttparty.netty.NettyTransport;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What the service around a broker can do: publish, subscribe, send to one device, ask it. */
public final class InProcessExample {
    private final MqttParty broker;

    /** With a broker that is started. */
    public InProcessExample(MqttParty broker) {
        this.broker = broker;
    }

    /** Starts a broker on port 1883 that prints what comes under {@code readings/}, and greets whoever is there. */
    public static void main(String[] args) {
        MqttParty broker = MqttParty.builder()
                .listener(NettyTransport.tcp(1883).host("127.0.0.1"))
                .allowAnonymous()
                .build();
        broker.start().toCompletableFuture().join();
        InProcessExample service = new InProcessExample(broker);
        service.onReading(System.out::println).toCompletableFuture().join();
        System.out.println(service.announce("hello").toCompletableFuture().join());
    }

    /** Hears every reading. The listener runs on an event loop: what takes long belongs on an executor. */
    public CompletionStage<MqttParty.Registration> onReading(Consumer<Message> listener) {
        return broker.subscribe(Subscription.of("readings/#", QoS.AT_LEAST_ONCE), listener);
    }

    /** Tells everybody who is subscribed to {@code news}, and says how many got it or will get it. */
    public CompletionStage<DeliveryResult> announce(String text) {
        return broker.publish(Message.of("news", text, QoS.AT_LEAST_ONCE));
    }

    /** Sends a setting to one device, subscribed or not. If it is away, its session keeps the setting for a day. */
    public CompletionStage<SendResult> configure(String device, String setting) {
        return broker.clients()
                .send(
                        ClientId.of(device),
                        Message.of("config", setting, QoS.AT_LEAST_ONCE),
                        SendOptions.DEFAULTS.withTtl(Duration.ofDays(1)));
    }

    /** Sends a command to a device that is connected now, and waits until the device has acknowledged it. */
    public CompletionStage<SendResult> command(String device, String command) {
        return broker.clients()
                .send(
                        ClientId.of(device),
                        Message.of("command", command, QoS.AT_LEAST_ONCE),
                        SendOptions.DEFAULTS.onlineOnly().awaitingAcknowledgement());
    }

    /** Asks a device and waits for its answer: a question on {@code ask/<id>} is answered on {@code reply/<id>}. */
    public CompletionStage<String> ask(String device, String question) {
        String id = UUID.randomUUID().toString();
        return broker.clients()
                .request(
                        ClientId.of(device),
                        TopicName.of("ask/" + id),
                        Payload.utf8(question),
                        TopicName.of("reply/" + id),
                        Duration.ofSeconds(5))
                .thenApply(reply -> reply.payload().asUtf8String());
    }
}
