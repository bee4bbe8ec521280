package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.Upstream;
import io.mqttparty.spi.transport.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way through legs that may take time: queues of persistent sessions, other nodes, upstreams. When the last has answered, the
 * owners of the queues are told and the publisher hears of it, on its loop. One object per message.
 */
final class Publication implements SessionStore.EnqueueCallback {
    private final BrokerRuntime broker;
    private final LoopContext loop;
    private final Message message;
    private final PublishListener listener;
    private final int ticket;
    private final int delivered;
    private final AtomicInteger open = new AtomicInteger(1);
    private List<Leg> legs = List.of();
    /** The members of shared subscriptions whose legs are the last ones. */
    private List<SharedMember> pickedLegs = List.of();

    private long[] seqs = {};
    private long[] acknowledged = {};
    private @Nullable Owner[] owners = {};
    private @Nullable AtomicInteger openRemotes;
    /** Members of shared subscriptions that were picked and turned out to be gone. */
    private @Nullable Queue<SharedMember> missed;
    /** How many nodes took it for their transient sessions. */
    private @Nullable AtomicInteger reached;

    private volatile boolean failedInStore;
    private volatile @Nullable Throwable failure;
    private EventLoop.@Nullable Scheduled timer;
    private boolean finished;
    private boolean told;

    Publication(
            BrokerRuntime broker,
            LoopContext loop,
            Message message,
            PublishListener listener,
            int ticket,
            int delivered) {
        this.broker = broker;
        this.loop = loop;
        this.message = message;
        this.listener = listener;
        this.ticket = ticket;
        this.delivered = delivered;
    }

    /** Starts all legs at once. */
    void start(
            List<Leg> queues,
            List<Route.Remote> remotes,
            List<SharedMember> picked,
            List<UpstreamRoute> upstreams,
            @Nullable ClientInfo client,
            MessageId messageId) {
        legs = queues;
        List<SharedMember> pickedNodes = picked.isEmpty() ? picked : split(queues, picked);
        seqs = new long[legs.size()];
        acknowledged = new long[legs.size()];
        owners = new @Nullable Owner[legs.size()];
        int nodes = remotes.size() + pickedNodes.size();
        if (nodes > 0) {
            openRemotes = new AtomicInteger(nodes);
            reached = new AtomicInteger();
        }
        open.addAndGet(legs.size() + nodes + (client == null ? 0 : upstreams.size()));
        listener.onPending(1);
        loop.budget().add(bytes());
        if (!store(remotes, pickedNodes)) {
            return;
        }
        if (client != null) {
            var request = new Upstream.Request(client, message, messageId);
            for (UpstreamRoute route : upstreams) {
                broker.upstreams().call(loop, route, request, this::legDone, this::fail);
            }
        }
        legDone();
        if (open.get() > 0 && isBackendPending()) {
            timer = loop.eventLoop().schedule(broker.timeouts().storeNanos(), this::onTimeout);
        }
    }

    /** Makes the queues of members that were picked the last legs; returns the members that are nodes. */
    private List<SharedMember> split(List<Leg> queues, List<SharedMember> picked) {
        List<Leg> all = new ArrayList<>(queues);
        List<SharedMember> sessions = new ArrayList<>();
        List<SharedMember> nodes = new ArrayList<>();
        for (SharedMember each : picked) {
            if (each.route() instanceof Route.Session session) {
                all.add(session.leg());
                sessions.add(each);
            } else {
                nodes.add(each);
            }
        }
        legs = all;
        pickedLegs = sessions;
        missed = new ConcurrentLinkedQueue<>();
        return nodes;
    }

    /** Starts the legs of the backend; false if it threw, which fails the publish at once. */
    private boolean store(List<Route.Remote> remotes, List<SharedMember> pickedNodes) {
        try {
            if (!legs.isEmpty()) {
                broker.sessions().enqueue(message, legs, this);
            }
            for (Route.Remote remote : remotes) { // one that is gone has taken its transient sessions with it
                transmit(remote.node(), new BusRecord.Transmit(message), () -> {});
            }
            for (SharedMember member : pickedNodes) {
                if (member.route() instanceof Route.Remote remote) {
                    BusRecord record = new BusRecord.TransmitShared(message, member.filter(), 0);
                    transmit(remote.node(), record, () -> missed(member));
                }
            }
            return true;
        } catch (Throwable e) {
            abort(e);
            return false;
        }
    }

    private void onTimeout() {
        if (!finished && open.get() > 0 && isBackendPending()) {
            abort(new MqttPartyException("backend: no answer in time"));
        }
    }

    /** Whether a leg of the backend has not answered; what has is seen after a look at {@link #open}. */
    private boolean isBackendPending() {
        for (long seq : seqs) {
            if (seq == 0) {
                return true;
            }
        }
        AtomicInteger remotes = openRemotes;
        return remotes != null && remotes.get() > 0;
    }

    /** Does not wait for the other legs any more. */
    private void abort(Throwable cause) {
        failed(cause);
        loop.counters().add(Counter.SPI_FAILURES);
        finish();
    }

    private void transmit(NodeId node, BusRecord record, Runnable onGone) {
        CompletionStage<Boolean> sent = broker.cluster().bus().send(broker.nodeId(), node, record);
        var unused = sent.whenComplete((accepted, cause) -> {
            if (cause == null && !accepted) {
                onGone.run();
            }
            count(openRemotes, -1);
            if (cause != null) {
                fail(cause);
            } else {
                count(reached, accepted ? 1 : 0);
                legDone();
            }
        });
    }

    private void missed(SharedMember member) {
        Queue<SharedMember> all = missed;
        if (all != null) {
            all.add(member);
        }
    }

    private static void count(@Nullable AtomicInteger counter, int change) {
        if (counter != null) {
            counter.addAndGet(change);
        }
    }

    @Override
    public void onStored(int leg, long seq, Owner owner, long acknowledgedUpTo) {
        seqs[leg] = seq;
        acknowledged[leg] = acknowledgedUpTo;
        owners[leg] = owner;
        int member = leg - (legs.size() - pickedLegs.size());
        if (seq < 0 && member >= 0) {
            missed(pickedLegs.get(member));
        }
        legDone();
    }

    @Override
    public void onFailed(int leg, Throwable cause) {
        seqs[leg] = -1;
        failedInStore = true;
        fail(cause);
    }

    private void fail(Throwable cause) {
        failed(cause);
        legDone();
    }

    /** From this moment on nothing that the publisher sent later may be acknowledged or pushed. On any thread. */
    private void failed(Throwable cause) {
        failure = cause;
        if (listener instanceof ConnectionDriver publisher) {
            publisher.pressure().failed();
        }
        if (loop.eventLoop().inEventLoop()) {
            tellFailure(cause);
        } else {
            loop.execute(() -> tellFailure(cause));
        }
    }

    private void tellFailure(Throwable cause) {
        if (!told) {
            told = true;
            listener.onPublishFailed(ticket, cause);
        }
    }

    private void legDone() {
        if (open.decrementAndGet() > 0) {
            return;
        }
        if (loop.eventLoop().inEventLoop()) {
            finish();
            return;
        }
        loop.execute(
                this::finish); // if it is closed, the publisher is gone without an acknowledgement, and sends again
    }

    private int bytes() {
        return message.payload().size() + message.topic().utf8Length();
    }

    private void finish() {
        if (finished) {
            withdraw(); // what was stored too late
            return;
        }
        if (failure == null && !hasPublisherFailed() && pickAgain()) {
            return;
        }
        finished = true;
        if (timer != null) {
            timer.cancel();
        }
        if (failedInStore) {
            loop.counters().add(Counter.SPI_FAILURES);
        }
        loop.budget().add(-bytes());
        Throwable cause = failure;
        if (cause != null || hasPublisherFailed()) {
            withdraw();
            listener.onPending(-1);
            return;
        }
        int queued = 0;
        AtomicInteger nodes = reached;
        int online = nodes == null ? delivered : delivered + nodes.get();
        for (int i = 0; i < legs.size(); i++) {
            Owner owner = owners[i];
            if (owner == null || seqs[i] < 0) {
                continue;
            }
            if (i >= legs.size() - pickedLegs.size()) {
                loop.memberPresence(broker).heard(legs.get(i).session().client(), owner.isOnline());
            }
            if (owner.isOnline()) {
                online++;
                hold(i, owner);
            } else {
                queued++;
            }
            broker.dispatcher().push(loop, legs.get(i), seqs[i], owner, message);
        }
        listener.onPublished(ticket, new PublishOutcome(online, queued));
        listener.onPending(-1);
    }

    /** Members of shared subscriptions that were picked turned out to be gone: the message goes to others before it counts as safe. */
    private boolean pickAgain() {
        if (missed == null || missed.isEmpty()) {
            return false;
        }
        List<SharedMember> gone = List.copyOf(missed);
        missed = null;
        open.set(gone.size());
        for (SharedMember member : gone) {
            GroupDelivery.again(broker, loop, message, member.filter(), member.key(), this::legDone, this::fail);
        }
        return true;
    }

    private boolean hasPublisherFailed() {
        return listener instanceof ConnectionDriver publisher
                && publisher.pressure().hasFailed();
    }

    /** Holds the publisher if the queue is deep. */
    private void hold(int leg, Owner owner) {
        if (listener instanceof ConnectionDriver publisher) {
            DeepQueues.check(broker, publisher, legs.get(leg).session(), seqs[leg], owner, acknowledged[leg]);
        }
    }

    private void withdraw() {
        for (int i = 0; i < legs.size(); i++) {
            if (owners[i] != null && seqs[i] >= 0) {
                broker.writeBehind().withdraw(loop, legs.get(i).session(), seqs[i]);
            }
        }
    }
}
