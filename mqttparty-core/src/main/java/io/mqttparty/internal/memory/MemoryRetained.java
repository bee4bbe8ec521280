package io.mqttparty.internal.memory;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.RetainedStore;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The retained messages, behind the fence of their publishers. */
final class MemoryRetained implements RetainedStore {
    private final RetainedMap messages;
    private final SessionTable table;

    MemoryRetained(RetainedMap messages, SessionTable table) {
        this.messages = messages;
        this.table = table;
    }

    @Override
    public CompletionStage<FenceResult> put(Message message, Optional<Fence> publisher) {
        try {
            if (publisher.isEmpty()) {
                messages.put(message);
                return Answers.OK;
            }
            boolean written = table.unlessSuperseded(publisher.get(), () -> messages.put(message));
            return written ? Answers.OK : Answers.STALE;
        } catch (MqttPartyException e) {
            return failedFuture(e);
        }
    }

    @Override
    public CompletionStage<Optional<Message>> exact(TopicName topic) {
        return completedFuture(Optional.ofNullable(messages.get(topic.value())));
    }

    @Override
    public CompletionStage<Page> match(TopicFilter filter, String after, int max) {
        return completedFuture(messages.match(filter, after, max));
    }
}
