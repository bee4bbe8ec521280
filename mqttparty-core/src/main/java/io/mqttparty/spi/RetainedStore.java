package io.mqttparty.spi;

import io.mqttparty.model.Message;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the retained message of each topic (section 3.3.1.3); the last writer wins. Methods may be called from any thread and complete on any thread;
 * changes may be repeated.
 */
public interface RetainedStore {
    /**
     * Stores the message as its topic's retained one [MQTT-3.3.1-5], or removes the stored one if the payload is empty [MQTT-3.3.1-10], [MQTT-3.3.1-11].
     *
     * @param publisher answers {@link FenceResult#STALE} if a later connection of that client exists; empty for wills and the application
     */
    CompletionStage<FenceResult> put(Message message, Optional<Fence> publisher);

    /** The retained message of one topic. */
    CompletionStage<Optional<Message>> exact(TopicName topic);

    /**
     * One page of the retained messages that match, ordered by topic; each carries the retain flag, as {@link #exact} does.
     *
     * @param after the last topic of the page before; empty for the first page
     * @param max how many at most
     */
    CompletionStage<Page> match(TopicFilter filter, String after, int max);

    /**
     * A page of retained messages.
     *
     * @param messages that match; fewer than asked for is possible on any page
     * @param next what to ask the next page after; empty if this is the last
     */
    record Page(List<Message> messages, Optional<String> next) {
        /** Copies the list. */
        public Page {
            messages = List.copyOf(messages);
        }
    }
}
