package io.mqttparty.internal.broker;

import io.mqttparty.model.Message;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Authorizer;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.Interceptor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a published message has to pass before it is routed: the broker's own topics, the authorizer, the interceptor. A message that does not
 * pass is acknowledged and goes nowhere; if one of them fails, the publisher is closed without acknowledgement [MQTT-3.3.5-2].
 */
final class Admission {
    private final BrokerRuntime broker;
    private final @Nullable Authorizer authorizer;
    private final @Nullable Interceptor interceptor;

    Admission(BrokerRuntime broker, @Nullable Authorizer authorizer, @Nullable Interceptor interceptor) {
        this.broker = broker;
        this.authorizer = authorizer;
        this.interceptor = interceptor;
    }

    /**
     * Hands the message on, changed or not, or drops it. While an answer is awaited, the publisher is not read, which keeps its order.
     */
    void admit(ConnectionDriver publisher, Message message, Consumer<Message> onAdmitted, Runnable onDropped) {
        if (isReserved(message.topic())) {
            drop(publisher, message, DropReason.RESERVED_TOPIC, onDropped);
        } else if (authorizer != null) {
            authorize(publisher, message, authorizer, onAdmitted, onDropped);
        } else {
            intercept(publisher, message, onAdmitted, onDropped);
        }
    }

    /** Whether every message passes, which the hot path asks first. */
    boolean isOpen(Message message) {
        return authorizer == null && interceptor == null && !isReserved(message.topic());
    }

    /** Whether only the broker itself may publish there: see docs/adr/0004. */
    static boolean isReserved(TopicName topic) {
        return topic.isReserved()
                && (startsWithLevel(topic.value(), "$SYS") || startsWithLevel(topic.value(), "$share"));
    }

    private static boolean startsWithLevel(String topic, String level) {
        return topic.startsWith(level) && (topic.length() == level.length() || topic.charAt(level.length()) == '/');
    }

    private void authorize(
            ConnectionDriver publisher,
            Message message,
            Authorizer asked,
            Consumer<Message> onAdmitted,
            Runnable onDropped) {
        publisher.pressure().awaitAnswer();
        SpiCalls.call(
                publisher.loop(),
                broker.timeouts().decisionNanos(),
                "authorizer",
                () -> asked.mayPublish(publisher.session().client, message.topic()),
                allowed -> {
                    if (allowed) {
                        intercept(publisher, message, onAdmitted, onDropped);
                    } else {
                        drop(publisher, message, DropReason.NOT_AUTHORIZED_TO_PUBLISH, onDropped);
                    }
                    publisher.pressure().answered();
                },
                failure -> { // to acknowledge it would lose a message that may well be allowed
                    publisher.onPublishFailed(0, failure);
                    publisher.pressure().answered();
                });
    }

    private void intercept(
            ConnectionDriver publisher, Message message, Consumer<Message> onAdmitted, Runnable onDropped) {
        Interceptor asked = interceptor;
        if (asked == null) {
            onAdmitted.accept(message);
            return;
        }
        publisher.pressure().awaitAnswer();
        SpiCalls.call(
                publisher.loop(),
                broker.timeouts().decisionNanos(),
                "interceptor",
                () -> asked.onPublish(publisher.session().client, message),
                changed -> {
                    if (changed.isPresent()) {
                        onAdmitted.accept(changed.get());
                    } else {
                        drop(publisher, message, DropReason.INTERCEPTED, onDropped);
                    }
                    publisher.pressure().answered();
                },
                failure -> {
                    publisher.onPublishFailed(0, failure);
                    publisher.pressure().answered();
                });
    }

    private void drop(ConnectionDriver publisher, Message message, DropReason reason, Runnable onDropped) {
        if (!publisher.isClosed()) {
            broker.dropped(publisher.loop(), publisher.session().clientId(), message.topic(), reason);
            onDropped.run();
        }
    }
}
