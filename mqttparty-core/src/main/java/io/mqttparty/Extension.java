package io.mqttparty;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A part of a broker that consists of several things and needs the running broker, such as a bridge. {@link MqttPartyBuilder#extension} takes it; it lives as long as the
 * broker does, and is for one broker only.
 */
public interface Extension {
    /**
     * Registers what it consists of: upstreams, listeners, an authenticator. Called once, by {@link MqttPartyBuilder#extension}, on that thread.
     */
    default void install(MqttPartyBuilder builder) {}

    /**
     * What only one extension of a broker may do, such as to drain its outbox: the builder refuses a second one that says the same. Nothing unless overridden.
     */
    default Optional<String> exclusive() {
        return Optional.empty();
    }

    /**
     * Begins. Called once, when the broker serves; clients may have connected and published before. {@link MqttParty#start()} completes when all
     * extensions have begun, and fails, with everything closed again, if one fails. Must not block.
     */
    CompletionStage<Void> start(MqttParty broker);

    /**
     * Ends: takes nothing new, finishes what it has begun as far as that is soon, and closes what it opened. Called once, also if it never began, before the broker
     * closes its connections, which waits up to 5 seconds for the stages of all extensions together. Must not block; a failure is logged and ends nothing else.
     */
    CompletionStage<Void> stop();
}
