package io.mqttparty.spi;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Takes messages out of the broker, such as to an HTTP backend. It is registered with a topic filter, and the acknowledgement of a PUBLISH
 * (PUBACK, PUBREC) waits for its stage: so PUBACK can mean "the backend has it".
 */
@FunctionalInterface
public interface Upstream {
    /**
     * Takes one message. Called on the publisher's event loop, in the order of that connection's messages, without waiting for the stages of
     * earlier ones. A stage that fails closes the publisher's connection without acknowledgement, and at QoS 1 and 2 the client sends again.
     */
    CompletionStage<Void> onPublish(Request request);

    /**
     * How long the broker waits for a stage of {@link #onPublish}, which then counts as failed. It is asked once, when the upstream is registered; 30 seconds unless
     * overridden, a year at most.
     *
     * <p>Empty for an upstream that sees to it itself that each of its stages completes, whatever happens: the broker waits for as long as it takes. That is for upstreams
     * where messages wait for each other, such as those that keep an order. They would be late for what came before them; only the upstream knows when their own time begins. It
     * also has to bound how many messages it holds: those of connections that have ended since stay with it, while their clients come back and send them again.
     */
    default Optional<Duration> timeLimit() {
        return Optional.of(Duration.ofSeconds(30));
    }

    /**
     * One message for the upstream.
     *
     * @param client its publisher
     * @param message what was published
     * @param messageId the same for each attempt to pass on one received PUBLISH; at QoS 2 of a persistent session also when the client
     *     sends it again over another connection
     */
    record Request(ClientInfo client, Message message, MessageId messageId) {}
}
