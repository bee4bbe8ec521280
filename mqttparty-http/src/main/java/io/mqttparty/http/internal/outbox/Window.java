package io.mqttparty.http.internal.outbox;

import io.mqttparty.spi.Outbox.Waiting;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What of a shard is in memory: messages, limited in number and bytes, and the queues that they are in, limited in number. */
final class Window {
    /** Queues with nothing in memory are those whose first message waits for its next try. */
    static final int QUEUES = 10_000;

    private final DrainSettings settings;
    private final Map<ClientQueue.Key, ClientQueue> queues = new HashMap<>();
    private int messages;
    private long bytes;

    Window(DrainSettings settings) {
        this.settings = settings;
    }

    /** How many messages may be read now; not above 0 if none. */
    int room() {
        return bytes >= settings.windowBytes() ? 0 : settings.window() - messages;
    }

    /** Whether messages of further clients may be read. */
    boolean hasRoomForQueues() {
        return queues.size() < QUEUES;
    }

    /** Whether there is room for many. */
    boolean isHalfEmpty() {
        return messages <= settings.window() / 2 && bytes <= settings.windowBytes() / 2 && hasRoomForQueues();
    }

    /** Takes the next message of the shard, or leaves it. Returns its queue if that is new, and so has nothing else to wait for. */
    Optional<ClientQueue> load(Waiting message) {
        ClientQueue.Key key = ClientQueue.Key.of(message.entry());
        ClientQueue known = queues.get(key);
        ClientQueue queue = known == null ? new ClientQueue(key) : known;
        if (queue.take(message)) {
            count(message);
        }
        if (known != null) {
            return Optional.empty();
        }
        queues.put(key, queue);
        return Optional.of(queue);
    }

    /** Takes a message that was left in the outbox, if it is one of this queue and there is room in that. */
    boolean refill(ClientQueue queue, Waiting message) {
        boolean taken = queue.takeNext(message);
        if (taken) {
            count(message);
        }
        return taken;
    }

    private void count(Waiting message) {
        messages++;
        bytes += message.entry().bytes();
    }

    /** A message that was loaded is not in memory any more. */
    void unload(Waiting message) {
        messages--;
        bytes -= message.entry().bytes();
    }

    /** The queue has nothing left, in memory or not. */
    void remove(ClientQueue queue) {
        queues.remove(queue.key());
    }
}
