package io.mqttparty.http.internal.uplink;

import io.mqttparty.Clients.SendOptions;
import io.mqttparty.Clients.SendResult;
import io.mqttparty.http.internal.text.TopicTemplate;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import java.time.Duration;
import java.util.Optional;

/** Sends the answers of the backend to the devices that asked. */
public final class Replies {
    private final Optional<TopicTemplate> topic;
    private final QoS qos;
    private final SendOptions options;
    private final Running running;
    private final Observer observer;

    /**
     * The replies of one route.
     *
     * @param topic where to; empty if answers are not passed on
     * @param ttl how long an answer may wait for a device that is not connected; zero for as long as its session
     */
    public Replies(Optional<TopicTemplate> topic, QoS qos, Duration ttl, Running running, Observer observer) {
        this.topic = topic;
        this.qos = qos;
        this.options = new SendOptions(ttl, true, false, SendOptions.DEFAULTS.timeout());
        this.running = running;
        this.observer = observer;
    }

    /** Hands the answer to an event on, if there is one; does not wait until the device has it. */
    void reply(Event event, Outcome outcome) {
        if (topic.isEmpty()) {
            return;
        }
        if (!outcome.reason().isEmpty()) {
            observer.replyLost(event, outcome.reason());
        } else if (!outcome.reply().isEmpty()) {
            Optional<TopicName> name = topic.get().expand(event.client(), event.topic());
            if (name.isPresent()) {
                send(event, new Message(name.get(), outcome.reply(), qos, false));
            } else {
                observer.replyLost(event, "it has no topic");
            }
        }
    }

    private void send(Event event, Message reply) {
        var unused = running.broker()
                .thenCompose(broker -> broker.clients().send(event.client(), reply, options))
                .whenComplete((result, failure) -> {
                    if (failure != null) {
                        observer.replyLost(event, String.valueOf(failure.getMessage()));
                    } else if (result == SendResult.OFFLINE || result == SendResult.UNKNOWN_CLIENT) {
                        observer.replyLost(event, "the client is gone");
                    } else {
                        observer.count(HttpCounter.REPLIES_SENT);
                    }
                });
    }
}
