package io.mqttparty.http.internal.uplink;

import io.mqttparty.DeliveryResult;
import io.mqttparty.http.internal.text.JsonWriter;
import io.mqttparty.http.internal.text.TopicTemplate;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Publishes what the backend does not take, as JSON that says what it was and why. */
public final class DeadLetters {
    private static final CompletableFuture<Boolean> NOTHING = CompletableFuture.completedFuture(true);

    private final Optional<TopicTemplate> topic;
    private final Running running;
    private final Observer observer;

    /** The dead letters of one route, to this topic; nowhere if it is empty. */
    public DeadLetters(Optional<TopicTemplate> topic, Running running, Observer observer) {
        this.topic = topic;
        this.running = running;
        this.observer = observer;
    }

    /** Publishes it, if there is a topic for it. Completes with whether all is done that can be. */
    CompletionStage<Boolean> publish(Event event, Outcome outcome) {
        Optional<TopicName> name = topic.flatMap(template -> template.expand(event.client(), event.topic()));
        if (name.isEmpty()) {
            return NOTHING;
        }
        Message letter = new Message(name.get(), letter(event, outcome), QoS.AT_LEAST_ONCE, false);
        return running.broker().thenCompose(broker -> broker.publish(letter)).handle((result, failure) -> {
            boolean published = failure == null && result.outcome() != DeliveryResult.Outcome.REFUSED;
            if (published) {
                observer.count(HttpCounter.DEAD_LETTERS);
            }
            return published;
        });
    }

    private static Payload letter(Event event, Outcome outcome) {
        return new JsonWriter()
                .beginObject()
                .member("id", event.id())
                .member("clientId", event.client().value())
                .member("topic", event.topic().value())
                .member("time", Instant.ofEpochMilli(event.timeMillis()).toString())
                .member("status", outcome.status())
                .member("reason", outcome.reason())
                .member("tries", outcome.tries())
                .member(
                        "payload",
                        Base64.getEncoder().encodeToString(event.payload().toByteArray()))
                .endObject()
                .toPayload();
    }
}
