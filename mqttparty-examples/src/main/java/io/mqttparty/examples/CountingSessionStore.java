package io.mqttparty.examples;

import io.mqttparty.model.Message;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.SessionStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/** An own {@link SessionStore}: counts sessions and queued messages, and logs which sessions are new. Its methods are called on many threads. */
public final class CountingSessionStore extends ForwardingSessionStore {
    private static final Logger LOG = System.getLogger(CountingSessionStore.class.getName());

    private final LongAdder created = new LongAdder();
    private final LongAdder resumed = new LongAdder();
    private final LongAdder queued = new LongAdder();

    /** Around this store. */
    public CountingSessionStore(SessionStore store) {
        super(store);
    }

    @Override
    public CompletionStage<Attached> attach(AttachRequest request) {
        return super.attach(request).thenApply(attached -> {
            (attached.present() ? resumed : created).increment();
            LOG.log(Level.DEBUG, () -> (attached.present() ? "resumed " : "new session for ") + request.client());
            return attached;
        });
    }

    @Override
    public void enqueue(Message message, List<Leg> legs, EnqueueCallback callback) {
        queued.add(legs.size());
        super.enqueue(message, legs, callback);
    }

    /** How often a session began. */
    public long created() {
        return created.sum();
    }

    /** How often a client came back to its session. */
    public long resumed() {
        return resumed.sum();
    }

    /** How many messages were appended to queues of persistent sessions, other than those that came at QoS 2. */
    public long queued() {
        return queued.sum();
    }
}
