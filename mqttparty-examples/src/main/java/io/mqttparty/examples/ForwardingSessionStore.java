package io.mqttparty.examples;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.Targets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A {@link SessionStore} around another one. It changes nothing: override what you want to see or change. */
public abstract class ForwardingSessionStore implements SessionStore {
    private final SessionStore store;

    /** Around this store. */
    protected ForwardingSessionStore(SessionStore store) {
        this.store = store;
    }

    @Override
    public CompletionStage<Attached> attach(AttachRequest request) {
        return store.attach(request);
    }

    @Override
    public CompletionStage<FenceResult> detach(Fence fence, Detach how, long sentUpTo) {
        return store.detach(fence, how, sentUpTo);
    }

    @Override
    public CompletionStage<Subscribed> subscribe(Fence fence, SubscriptionChange change) {
        return store.subscribe(fence, change);
    }

    @Override
    public void enqueue(Message message, List<Leg> legs, EnqueueCallback callback) {
        store.enqueue(message, legs, callback);
    }

    @Override
    public boolean isCongested() {
        return store.isCongested();
    }

    @Override
    public void withdraw(SessionRef session, long[] seqs) {
        store.withdraw(session, seqs);
    }

    @Override
    public CompletionStage<List<Queued>> read(SessionRef session, long afterSeq, int max) {
        return store.read(session, afterSeq, max);
    }

    @Override
    public void acknowledge(SessionRef session, long[] seqs) {
        store.acknowledge(session, seqs);
    }

    @Override
    public CompletionStage<FenceResult> watermark(Fence fence, long sentUpTo, long acknowledgedUpTo) {
        return store.watermark(fence, sentUpTo, acknowledgedUpTo);
    }

    @Override
    public CompletionStage<FenceResult> beginQos2Retained(Fence publisher, Qos2Publish publish) {
        return store.beginQos2Retained(publisher, publish);
    }

    @Override
    public CompletionStage<Qos2Published> publishQos2(Fence publisher, Qos2Publish publish) {
        return store.publishQos2(publisher, publish);
    }

    @Override
    public CompletionStage<FenceResult> qos2In(Fence publisher, int packetId, Qos2In step) {
        return store.qos2In(publisher, packetId, step);
    }

    @Override
    public CompletionStage<FenceResult> qos2Out(Fence fence, long seq, Qos2Out step) {
        return store.qos2Out(fence, seq, step);
    }

    @Override
    public CompletionStage<RetainedEnqueued> enqueueRetained(Fence fence, RetainedStep step) {
        return store.enqueueRetained(fence, step);
    }

    @Override
    public CompletionStage<Boolean> retainWill(ClientId client, long epoch) {
        return store.retainWill(client, epoch);
    }

    @Override
    public CompletionStage<Fired> fireWill(ClientId client, long epoch, Targets targets) {
        return store.fireWill(client, epoch, targets);
    }

    @Override
    public CompletionStage<Swept> sweep(int max) {
        return store.sweep(max);
    }

    @Override
    public CompletionStage<List<Position>> positions(Collection<SessionRef> sessions) {
        return store.positions(sessions);
    }

    @Override
    public CompletionStage<FenceResult> renumber(Fence fence, long sentUpTo) {
        return store.renumber(fence, sentUpTo);
    }
}
