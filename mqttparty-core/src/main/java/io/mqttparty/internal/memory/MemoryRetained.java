package io.mqttparty.internal.memory;

import io.mqttparty.internal.routing.RetainedIndex;
import io.mqttparty.model.Message;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.RetainedStore;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Retained messages, ordered by topic. */
final class MemoryRetained implements RetainedStore {
    private final Records records;
    private final RetainedIndex index = new RetainedIndex();

    MemoryRetained(Records records) {
        this.records = records;
    }

    @Override
    public CompletionStage<FenceResult> put(Message message, Optional<Fence> publisher) {
        if (publisher.isPresent() && isOld(publisher.get())) {
            return CompletableFuture.completedFuture(FenceResult.STALE);
        }
        write(message);
        return CompletableFuture.completedFuture(FenceResult.OK);
    }

    private boolean isOld(Fence fence) {
        SessionRecord record = records.find(fence.client());
        if (record == null) {
            return false;
        }
        synchronized (record) {
            return record.epoch > fence.epoch();
        }
    }

    /** Stores the message, or removes what is stored if it is empty. */
    void write(Message message) {
        if (message.payload().isEmpty()) {
            var unused = index.remove(message.topic()); // [MQTT-3.3.1-10] [MQTT-3.3.1-11]
        } else {
            var unused = index.put(message.withRetain(true)); // [MQTT-3.3.1-5] [MQTT-3.3.1-7]
        }
    }

    @Nullable
    Message get(TopicName topic) {
        return index.get(topic).orElse(null);
    }

    @Override
    public CompletionStage<Optional<Message>> exact(TopicName topic) {
        return CompletableFuture.completedFuture(Optional.ofNullable(get(topic)));
    }

    @Override
    public CompletionStage<Page> match(TopicFilter filter, String after, int max) {
        RetainedIndex.Page page = index.match(filter, after, max);
        return CompletableFuture.completedFuture(new Page(page.messages(), page.next()));
    }
}
