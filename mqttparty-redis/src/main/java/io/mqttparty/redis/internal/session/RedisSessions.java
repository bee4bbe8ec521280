package io.mqttparty.redis.internal.session;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.Targets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The sessions in Redis. What must be exact is one script; what is frequent is native: XADD and HMGET for a leg, XDEL for acknowledgements. Each
 * part is a class of its own.
 */
public final class RedisSessions implements SessionStore {
    private final Lanes lanes;
    private final SessionNames names;
    private final Attaching attaching;
    private final Detaching detaching;
    private final Subscribing subscribing;
    private final Enqueuing enqueuing;
    private final Removing removing;
    private final Progress progress;
    private final InboundQos2Scripts inboundQos2;
    private final WillScripts wills;
    private final Expiry expiry;
    private final RetainedPages retainedPages;

    /** Over these connections. */
    public RedisSessions(RedisContext context) {
        this.lanes = context.lanes();
        this.names = new SessionNames(context.limits().connections());
        this.attaching = new Attaching(context, names);
        this.detaching = new Detaching(context, names);
        this.subscribing = new Subscribing(context);
        this.enqueuing = new Enqueuing(context, new QueueBytes(context));
        this.removing = new Removing(context);
        this.progress = new Progress(context, names);
        this.inboundQos2 = new InboundQos2Scripts(context, enqueuing);
        this.wills = new WillScripts(context, enqueuing);
        this.expiry = new Expiry(context, names);
        this.retainedPages = new RetainedPages(context, names);
    }

    /** The same route log; what it delivers is noted here too. */
    public RouteLog listeningTo(RouteLog log) {
        return new NamesFromRoutes(log, names);
    }

    /** What the reaper needs. */
    public Detaching detaching() {
        return detaching;
    }

    @Override
    public CompletionStage<Attached> attach(AttachRequest request) {
        return attaching.attach(request);
    }

    @Override
    public CompletionStage<FenceResult> detach(Fence fence, Detach how, long sentUpTo) {
        return detaching.detach(fence, how, sentUpTo);
    }

    @Override
    public CompletionStage<Subscribed> subscribe(Fence fence, SubscriptionChange change) {
        return subscribing.subscribe(fence, change);
    }

    // ---- queue ----

    @Override
    public void enqueue(Message message, List<Leg> legs, EnqueueCallback callback) {
        enqueuing.enqueue(message, legs, callback);
    }

    @Override
    public boolean isCongested() {
        return lanes.isCongested();
    }

    @Override
    public void withdraw(SessionRef session, long[] seqs) {
        removing.remove(session, seqs);
    }

    @Override
    public CompletionStage<List<Queued>> read(SessionRef session, long afterSeq, int max) {
        return progress.read(session, afterSeq, max);
    }

    @Override
    public void acknowledge(SessionRef session, long[] seqs) {
        removing.remove(session, seqs);
    }

    @Override
    public CompletionStage<FenceResult> watermark(Fence fence, long sentUpTo, long acknowledgedUpTo) {
        return progress.watermark(fence, sentUpTo, acknowledgedUpTo);
    }

    @Override
    public CompletionStage<List<Position>> positions(Collection<SessionRef> sessions) {
        return progress.positions(List.copyOf(sessions));
    }

    @Override
    public CompletionStage<FenceResult> renumber(Fence fence, long sentUpTo) {
        return progress.renumber(fence, sentUpTo);
    }

    // ---- QoS 2 ----

    @Override
    public CompletionStage<FenceResult> beginQos2Retained(Fence publisher, Qos2Publish publish) {
        return inboundQos2.beginRetained(publisher, publish);
    }

    @Override
    public CompletionStage<Qos2Published> publishQos2(Fence publisher, Qos2Publish publish) {
        return inboundQos2.publish(publisher, publish);
    }

    @Override
    public CompletionStage<FenceResult> qos2In(Fence publisher, int packetId, Qos2In step) {
        return inboundQos2.step(publisher, packetId, step);
    }

    @Override
    public CompletionStage<FenceResult> qos2Out(Fence fence, long seq, Qos2Out step) {
        return progress.qos2Out(fence, seq, step);
    }

    // ---- retained messages into the own queue, wills, the end ----

    @Override
    public CompletionStage<RetainedEnqueued> enqueueRetained(Fence fence, RetainedStep step) {
        return retainedPages.enqueue(fence, step);
    }

    @Override
    public CompletionStage<Boolean> retainWill(ClientId client, long epoch) {
        return wills.retain(client, epoch);
    }

    @Override
    public CompletionStage<Fired> fireWill(ClientId client, long epoch, Targets targets) {
        return wills.fire(client, epoch, targets);
    }

    @Override
    public CompletionStage<Swept> sweep(int max) {
        return expiry.sweep(max);
    }
}
