package io.mqttparty.internal.memory;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.Targets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The sessions, each a record with a lock of its own. */
final class MemorySessions implements SessionStore {
    private static final Subscribed STALE = new Subscribed(FenceResult.STALE, Set.of(), RoutePosition.START);

    private final SessionTable table;
    private final Ownership ownership;
    private final Appender appender;
    private final Exchanges exchanges;
    private final Wills wills;
    private final MemoryRouteLog routes;
    private final RetainedMap retained;
    private final MemoryBackend.Config config;

    MemorySessions(
            SessionTable table,
            Ownership ownership,
            Appender appender,
            MemoryRouteLog routes,
            RetainedMap retained,
            MemoryBackend.Config config) {
        this.table = table;
        this.ownership = ownership;
        this.appender = appender;
        this.exchanges = new Exchanges(table, appender, retained);
        this.wills = new Wills(table, appender, retained);
        this.routes = routes;
        this.retained = retained;
        this.config = config;
    }

    @Override
    public CompletionStage<Attached> attach(AttachRequest request) {
        try {
            return completedFuture(ownership.attach(request));
        } catch (MqttPartyException e) {
            return failedFuture(e);
        }
    }

    @Override
    public CompletionStage<FenceResult> detach(Fence fence, Detach how, long sentUpTo) {
        return Answers.of(ownership.detach(fence, how, sentUpTo));
    }

    @Override
    public CompletionStage<Subscribed> subscribe(Fence fence, SubscriptionChange change) {
        Subscribed result = table.fenced(fence, STALE, (record, session) -> subscribe(session, change));
        routes.deliver();
        return completedFuture(result);
    }

    private Subscribed subscribe(StoredSession session, SubscriptionChange change) {
        Subscriptions.Merged merged = session.subscriptions().merge(change);
        session.subscriptions(merged.subscriptions());
        RoutePosition position =
                routes.sessionRoutes(session.ref(), merged.subscriptions().all());
        return new Subscribed(FenceResult.OK, merged.refused(), position);
    }

    // ---- queue ----

    @Override
    public void enqueue(Message message, List<Leg> legs, EnqueueCallback callback) {
        appender.append(message, legs, callback);
    }

    @Override
    public void withdraw(SessionRef session, long[] seqs) {
        remove(session, seqs);
    }

    @Override
    public void acknowledge(SessionRef session, long[] seqs) {
        remove(session, seqs);
    }

    private void remove(SessionRef ref, long[] seqs) {
        SessionRecord record = table.find(ref.client());
        if (record != null) {
            synchronized (record) {
                StoredSession session = record.session(ref);
                if (session != null) {
                    session.remove(seqs);
                }
            }
        }
    }

    @Override
    public CompletionStage<List<Queued>> read(SessionRef ref, long afterSeq, int max) {
        SessionRecord record = table.find(ref.client());
        if (record == null) {
            return completedFuture(List.of());
        }
        synchronized (record) {
            StoredSession session = record.session(ref);
            return completedFuture(session == null ? List.of() : session.read(afterSeq, max));
        }
    }

    @Override
    public CompletionStage<FenceResult> watermark(Fence fence, long sentUpTo, long acknowledgedUpTo) {
        return Answers.of(table.fenced(fence, FenceResult.STALE, (record, session) -> {
            session.raiseSentUpTo(Math.min(sentUpTo, session.lastSeq()));
            return FenceResult.OK; // what is acknowledged the queue itself knows
        }));
    }

    // ---- QoS 2 ----

    @Override
    public CompletionStage<FenceResult> beginQos2Retained(Fence publisher, Qos2Publish publish) {
        try {
            return Answers.of(exchanges.beginRetained(publisher, publish));
        } catch (MqttPartyException e) {
            return failedFuture(e);
        }
    }

    @Override
    public CompletionStage<Qos2Published> publishQos2(Fence publisher, Qos2Publish publish) {
        return completedFuture(exchanges.publish(publisher, publish));
    }

    @Override
    public CompletionStage<FenceResult> qos2In(Fence publisher, int packetId, Qos2In step) {
        return Answers.of(exchanges.in(publisher, packetId, step));
    }

    @Override
    public CompletionStage<FenceResult> qos2Out(Fence fence, long seq, Qos2Out step) {
        return Answers.of(exchanges.out(fence, seq, step));
    }

    // ---- retained messages into the own queue ----

    @Override
    public CompletionStage<RetainedEnqueued> enqueueRetained(Fence fence, RetainedStep step) {
        RetainedEnqueued stale = new RetainedEnqueued(FenceResult.STALE, 0);
        return completedFuture(table.fenced(fence, stale, (record, session) -> {
            if (session.subscriptions().cursors().contains(step.from())) {
                step.topics().forEach(topic -> appendRetained(session, topic, step.from()));
                List<RetainedCursor> next = step.next().stream().toList();
                session.subscriptions(session.subscriptions().advance(step.from(), next));
            }
            return new RetainedEnqueued(FenceResult.OK, session.lastSeq());
        }));
    }

    private void appendRetained(StoredSession session, TopicName topic, RetainedCursor cursor) {
        Message stored = retained.get(topic.value()); // as it is now: never older than what is in the queue already
        if (stored != null) {
            session.append(stored.withQos(stored.qos().min(cursor.grant())), config); // [MQTT-3.3.1-8]
        }
    }

    // ---- wills and the rest ----

    @Override
    public CompletionStage<Boolean> retainWill(ClientId client, long epoch) {
        return completedFuture(wills.retain(client, epoch));
    }

    @Override
    public CompletionStage<Fired> fireWill(ClientId client, long epoch, Targets targets) {
        return completedFuture(wills.fire(client, epoch, targets));
    }

    @Override
    public CompletionStage<Swept> sweep(int max) {
        int expired = 0;
        int looked = 0;
        InstantSource clock = config.clock();
        for (SessionTable.Expiry each : table.expiries()) {
            if (each.atMillis() > clock.millis() || looked++ == max) {
                break;
            }
            expired += ownership.expire(each.client()) ? 1 : 0;
        }
        routes.deliver();
        return completedFuture(new Swept(expired, wills.due(max)));
    }

    @Override
    public CompletionStage<List<Position>> positions(Collection<SessionRef> sessions) {
        List<Position> positions = new ArrayList<>(sessions.size());
        for (SessionRef ref : sessions) {
            SessionRecord record = table.find(ref.client());
            if (record != null) {
                synchronized (record) {
                    StoredSession session = record.session(ref);
                    if (session != null) {
                        positions.add(new Position(ref, record.epoch(), session.lastSeq(), session.acknowledgedUpTo()));
                    }
                }
            }
        }
        return completedFuture(positions);
    }

    @Override
    public CompletionStage<FenceResult> renumber(Fence fence, long sentUpTo) {
        return Answers.of(table.fenced(fence, FenceResult.STALE, (record, session) -> {
            session.renumber(sentUpTo, config);
            return FenceResult.OK;
        }));
    }
}
