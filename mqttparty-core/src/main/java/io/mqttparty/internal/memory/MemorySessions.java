package io.mqttparty.internal.memory;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.Targets;
import java.util.*;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

final class MemorySessions implements SessionStore {
    private final MemoryBackend.Config config;
    private final Records records;
    private final MemoryRetained retained;
    private final MemoryRouteLog routes;
    private final ClusterBus bus;

    MemorySessions(
            MemoryBackend.Config config,
            Records records,
            MemoryRetained retained,
            MemoryRouteLog routes,
            ClusterBus bus) {
        this.config = config;
        this.records = records;
        this.retained = retained;
        this.routes = routes;
        this.bus = bus;
    }

    private static <T> CompletionStage<T> done(T v) {
        return CompletableFuture.completedFuture(v);
    }

    @Override
    public CompletionStage<Attached> attach(AttachRequest r) {
        List<SessionRef> gone = new ArrayList<>();
        List<Runnable> after = new ArrayList<>();
        Attached a = records.change(r.client(), rec -> {
            long now = config.clock().millis();
            if (!r.token().equals(rec.token)) {
                rec.previous = null;
                if (rec.owner != null) {
                    NodeId old = rec.owner;
                    long e = rec.epoch;
                    rec.previous = rec.owner();
                    lose(rec, now);
                    rec.leftWithoutDetach = true;
                    after.add(() -> {
                        var unused = bus.send(r.node(), old, new BusRecord.Kick(r.client(), e, r.node()));
                    });
                }
                boolean present = rec.exists() && rec.expirySeconds > 0 && !r.cleanSession() && !rec.isExpiredAt(now);
                if (!present) {
                    if (rec.exists()) {
                        gone.add(rec.ref());
                    }
                    Owner prev = rec.previous;
                    rec.clear();
                    rec.previous = prev;
                    rec.incarnation = r.token();
                }
                rec.present = present;
                rec.dupUpTo = !present ? 0 : rec.leftWithoutDetach ? rec.lastSeq() : rec.sentUpTo;
                rec.leftWithoutDetach = false;
                rec.epoch = Math.max(rec.epoch + 1, now);
                rec.token = r.token();
                rec.owner = r.node();
                rec.expirySeconds = r.expirySeconds();
                rec.will = r.will().orElse(null);
                rec.sinceMillis = now;
            }
            MessageQueue q = rec.queueIfAny();
            return new Attached(
                    new Fence(r.client(), r.token(), rec.epoch),
                    rec.ref(),
                    rec.present,
                    rec.lastSeq(),
                    rec.dupUpTo,
                    q == null ? List.of() : q.read(0, r.window()),
                    rec.releasedSeqs(),
                    rec.inboundStates(),
                    List.copyOf(rec.subscriptions.values()),
                    rec.openCursors(),
                    rec.pendingWills(),
                    Optional.ofNullable(rec.previous));
        });
        gone.forEach(routes::remove);
        after.forEach(Runnable::run);
        return done(a);
    }

    static void lose(SessionRecord rec, long now) {
        rec.suspendWill();
        rec.owner = null;
        rec.token = null;
        rec.sinceMillis = now;
        rec.leftWithoutDetach = true;
        if (rec.expirySeconds == 0) {
            rec.clear();
        }
    }

    @Override
    public CompletionStage<FenceResult> detach(Fence f, Detach how, long sentUpTo) {
        return done(records.changeIfPresent(f.client(), FenceResult.STALE, rec -> {
            if (!rec.holds(f)) {
                if (how == Detach.CLEAN) {
                    rec.dropPendingWill(f.epoch());
                }
                return FenceResult.STALE;
            }
            if (how == Detach.CLEAN) {
                rec.will = null;
            }
            lose(rec, config.clock().millis());
            rec.leftWithoutDetach = false;
            rec.sentUpTo = sentUpTo;
            return FenceResult.OK;
        }));
    }

    private <T> T fenced(Fence f, T stale, Function<SessionRecord, T> change) {
        return records.changeIfPresent(f.client(), stale, rec -> rec.holds(f) ? change.apply(rec) : stale);
    }

    @Override
    public CompletionStage<Subscribed> subscribe(Fence f, SubscriptionChange c) {
        Subscribed stale = new Subscribed(FenceResult.STALE, Set.of(), RoutePosition.START);
        Set<TopicFilter> refused = new HashSet<>();
        RouteChange.SessionRoutes change = fenced(f, null, rec -> {
            for (Subscription s : c.add()) {
                if (!rec.subscriptions.containsKey(s.filter()) && rec.subscriptions.size() >= c.limit()) {
                    refused.add(s.filter());
                    continue;
                }
                rec.subscriptions.put(s.filter(), s);
                rec.cursors().removeIf(k -> k.filter().equals(s.filter()));
                if (s.qos() != QoS.AT_MOST_ONCE) {
                    rec.cursors().add(new RetainedCursor(s.filter(), s.qos(), ""));
                }
            }
            for (TopicFilter t : c.remove()) {
                rec.subscriptions.remove(t);
                rec.cursors().removeIf(k -> k.filter().equals(t));
            }
            return new RouteChange.SessionRoutes(rec.ref(), List.copyOf(rec.subscriptions.values()));
        });
        return done(change == null ? stale : new Subscribed(FenceResult.OK, refused, routes.put(change)));
    }

    @Override
    public void enqueue(Message m, List<Leg> legs, EnqueueCallback cb) {
        for (int i = 0; i < legs.size(); i++) {
            long[] acked = new long[1];
            Stored s = append(legs.get(i), m, acked);
            cb.onStored(i, s.seq(), s.owner(), acked[0]);
        }
    }

    private Stored append(Leg leg, Message m, long[] acked) {
        return records.changeIfPresent(leg.session().client(), new Stored(-1, Owner.OFFLINE), rec -> {
            if (!rec.is(leg.session())) {
                return new Stored(-1, Owner.OFFLINE);
            }
            long seq = rec.append(config, m.withQos(m.qos().min(leg.grant())));
            acked[0] = rec.acknowledgedUpTo();
            return new Stored(seq, rec.owner());
        });
    }

    @Override
    public void withdraw(SessionRef s, long[] seqs) {
        acknowledge(s, seqs);
    }

    @Override
    public CompletionStage<List<Queued>> read(SessionRef s, long after, int max) {
        return done(records.changeIfPresent(
                s.client(),
                List.of(),
                rec -> rec.is(s) && rec.queueIfAny() != null ? rec.queue(config).read(after, max) : List.of()));
    }

    @Override
    public void acknowledge(SessionRef s, long[] seqs) {
        records.changeIfPresent(s.client(), false, rec -> {
            if (rec.is(s)) {
                for (long q : seqs) {
                    rec.queue(config).remove(q);
                }
            }
            return true;
        });
    }

    @Override
    public CompletionStage<FenceResult> watermark(Fence f, long a, long b) {
        return done(fenced(f, FenceResult.STALE, rec -> FenceResult.OK));
    }

    @Override
    public CompletionStage<FenceResult> beginQos2Retained(Fence f, Qos2Publish p) {
        boolean[] write = new boolean[1];
        FenceResult r = fenced(f, FenceResult.STALE, rec -> {
            write[0] =
                    rec.inbound().putIfAbsent(p.packetId(), new SessionRecord.Inbound(p.messageId(), Qos2InState.BEGUN))
                            == null;
            return FenceResult.OK;
        });
        if (write[0]) {
            retained.write(p.message());
        }
        return done(r);
    }

    @Override
    public CompletionStage<Qos2Published> publishQos2(Fence f, Qos2Publish p) {
        MessageId[] id = {p.messageId()};
        Qos2Published known =
                fenced(f, new Qos2Published(Qos2Published.Status.STALE, p.messageId(), false, List.of()), rec -> {
                    SessionRecord.Inbound in = rec.inbound().get(p.packetId());
                    if (in != null && in.state != Qos2InState.BEGUN) {
                        return new Qos2Published(
                                Qos2Published.Status.DUPLICATE, in.messageId, in.state == Qos2InState.DONE, List.of());
                    }
                    id[0] = in == null ? p.messageId() : in.messageId;
                    rec.inbound()
                            .put(
                                    p.packetId(),
                                    new SessionRecord.Inbound(
                                            id[0], p.upstream() ? Qos2InState.ENQUEUED : Qos2InState.DONE));
                    return null;
                });
        if (known != null) {
            return done(known);
        }
        return done(new Qos2Published(Qos2Published.Status.NEW, id[0], !p.upstream(), reach(p.targets(), p.message())));
    }

    private List<Stored> reach(Targets t, Message m) {
        List<Stored> stored = new ArrayList<>();
        for (Leg leg : t.legs()) {
            stored.add(append(leg, m, new long[1]));
        }
        for (NodeId n : t.nodes()) {
            var unused = bus.send(n, n, new BusRecord.Transmit(m));
        }
        return stored;
    }

    @Override
    public CompletionStage<FenceResult> qos2In(Fence f, int pid, Qos2In step) {
        return done(fenced(f, FenceResult.STALE, rec -> {
            if (step == Qos2In.CLEAR) {
                rec.inbound().remove(pid);
            } else if (rec.inbound().get(pid) != null) {
                rec.inbound().get(pid).state = Qos2InState.DONE;
            }
            return FenceResult.OK;
        }));
    }

    @Override
    public CompletionStage<FenceResult> qos2Out(Fence f, long seq, Qos2Out step) {
        return done(fenced(f, FenceResult.STALE, rec -> {
            if (step == Qos2Out.RELEASED) {
                rec.queue(config).remove(seq);
                rec.released().add(seq);
            } else {
                rec.released().remove(seq);
            }
            return FenceResult.OK;
        }));
    }

    @Override
    public CompletionStage<RetainedEnqueued> enqueueRetained(Fence f, RetainedStep step) {
        return done(fenced(f, new RetainedEnqueued(FenceResult.STALE, 0), rec -> {
            int i = rec.cursors().indexOf(step.from());
            if (i >= 0) {
                for (TopicName t : step.topics()) {
                    Message m = retained.get(t);
                    if (m != null) {
                        rec.append(config, m.withQos(m.qos().min(step.from().grant())));
                    }
                }
                rec.cursors().remove(i);
                step.next().ifPresent(rec.cursors()::add);
            }
            return new RetainedEnqueued(FenceResult.OK, rec.lastSeq());
        }));
    }

    @Override
    public CompletionStage<Boolean> retainWill(ClientId c, long e) {
        Message m = records.changeIfPresent(c, null, rec -> {
            SessionRecord.Pending p = rec.pendingWill(e);
            if (p == null || p.retainedWritten) {
                return null;
            }
            p.retainedWritten = true;
            return p.will.message();
        });
        if (m != null) {
            retained.write(m);
        }
        return done(m != null);
    }

    @Override
    public CompletionStage<Fired> fireWill(ClientId c, long e, Targets t) {
        Message m = records.changeIfPresent(c, null, rec -> {
            SessionRecord.Pending p = rec.pendingWill(e);
            rec.dropPendingWill(e);
            return p == null ? null : p.will.message().withRetain(false);
        });
        return done(m == null ? new Fired(false, List.of()) : new Fired(true, reach(t, m)));
    }

    @Override
    public CompletionStage<Swept> sweep(int max) {
        int expired = 0;
        List<PendingWill> wills = new ArrayList<>();
        for (SessionRecord r : records.all()) {
            SessionRef gone = records.changeIfPresent(r.client, null, rec -> {
                if (wills.size() < max) {
                    wills.addAll(rec.pendingWills());
                }
                if (rec.isExpiredAt(config.clock().millis())) {
                    SessionRef ref = rec.ref();
                    rec.clear();
                    return ref;
                }
                return null;
            });
            if (gone != null) {
                routes.remove(gone);
                expired++;
            }
        }
        return done(new Swept(expired, wills));
    }

    @Override
    public CompletionStage<List<Position>> positions(Collection<SessionRef> refs) {
        List<Position> l = new ArrayList<>();
        for (SessionRef s : refs) {
            records.changeIfPresent(
                    s.client(), false, rec -> rec.is(s) && l.add(new Position(s, rec.epoch, rec.lastSeq())));
        }
        return done(l);
    }
}
