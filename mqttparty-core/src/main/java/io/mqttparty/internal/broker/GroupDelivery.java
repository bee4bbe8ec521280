package io.mqttparty.internal.broker;

import io.mqttparty.internal.routing.SharedGroup;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionStore.EnqueueCallback;
import io.mqttparty.spi.SessionStore.Stored;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Takes a message to a member of a shared subscription after the one that was picked for it turned out to be gone: picks again, until one has taken
 * it. If nobody is left, the message is counted as dropped: the subscription is over. Used on one loop.
 */
final class GroupDelivery {
    /** So many nodes that had no member any more may hand a message on; then it goes to a session or nowhere. */
    private static final int MOST_PASSED_ON = 3;

    private static final long FIRST_RETRY_NANOS = 200_000_000L;
    private static final long LONGEST_RETRY_NANOS = 5_000_000_000L;
    private static final int MOST_RETRIES = 8;

    private final BrokerRuntime broker;
    private final LoopContext loop;
    private final Message message;
    private final TopicFilter filter;
    private final int passedOn;
    private final Set<Object> gone = new HashSet<>();
    private final Runnable onDone;
    private final Consumer<Throwable> onFailure;

    private GroupDelivery(
            BrokerRuntime broker,
            LoopContext loop,
            Message message,
            TopicFilter filter,
            int passedOn,
            Runnable onDone,
            Consumer<Throwable> onFailure) {
        this.broker = broker;
        this.loop = loop;
        this.message = message;
        this.filter = filter;
        this.passedOn = passedOn;
        this.onDone = onDone;
        this.onFailure = onFailure;
    }

    /**
     * Picks another member than this one. One of both is called once, later or at once, on the loop.
     *
     * @param key the member that is gone
     */
    static void again(
            BrokerRuntime broker,
            LoopContext loop,
            Message message,
            TopicFilter filter,
            Object key,
            Runnable onDone,
            Consumer<Throwable> onFailure) {
        GroupDelivery delivery = new GroupDelivery(broker, loop, message, filter, 0, onDone, onFailure);
        delivery.gone.add(key);
        delivery.next();
    }

    /** Picks a member for a message that was accepted, on this node for one that is not here any more: nobody sends it again. */
    static void passOn(BrokerRuntime broker, LoopContext loop, Message message, TopicFilter filter, int passedOn) {
        Backoff backoff = new Backoff(broker.random(), FIRST_RETRY_NANOS, LONGEST_RETRY_NANOS);
        passOn(broker, loop, message, filter, passedOn, backoff, MOST_RETRIES);
    }

    private static void passOn(
            BrokerRuntime broker,
            LoopContext loop,
            Message message,
            TopicFilter filter,
            int passedOn,
            Backoff backoff,
            int retries) {
        Consumer<Throwable> onFailure = failure -> {
            broker.log().backendFailed("shared subscription", failure);
            if (retries == 0) {
                loop.counters().add(DropReason.GROUP_EMPTY, 1);
                return;
            }
            var unused = loop.eventLoop()
                    .schedule(
                            backoff.next(),
                            () -> passOn(broker, loop, message, filter, passedOn, backoff, retries - 1));
        };
        broker.dispatcher()
                .whenFresh(
                        loop,
                        () -> new GroupDelivery(broker, loop, message, filter, passedOn, () -> {}, onFailure).next(),
                        onFailure);
    }

    private void next() {
        SharedGroup<Object, Route> group = broker.routes().group(filter);
        SharedMember picked = group == null ? null : broker.sharedPick().pick(loop, group, gone);
        if (picked == null) {
            loop.counters().add(DropReason.GROUP_EMPTY, 1);
            onDone.run();
        } else if (picked.route() instanceof Route.Local local) {
            loop.deliver(local.subscriber(), message, local.grant());
            onDone.run();
        } else if (picked.route() instanceof Route.Session session) {
            enqueue(picked.key(), session.leg());
        } else if (picked.route() instanceof Route.Remote remote) {
            send(remote);
        }
    }

    private void notThis(Object key) {
        gone.add(key);
        loop.execute(this::next); // not during this call: a group of many that are gone must not make a deep stack
    }

    private void enqueue(Object key, Leg leg) {
        if (message.qos().min(leg.grant()) == QoS.AT_MOST_ONCE) {
            broker.dispatcher().deliverQos0(loop, List.of(leg), message);
            onDone.run();
            return;
        }
        SpiCalls.call(
                loop,
                broker.timeouts().storeNanos(),
                "session store",
                () -> stored(leg),
                stored -> {
                    if (stored.seq() < 0) {
                        notThis(key);
                    } else {
                        broker.dispatcher().push(loop, leg, stored.seq(), stored.owner(), message);
                        onDone.run();
                    }
                },
                onFailure);
    }

    private CompletableFuture<Stored> stored(Leg leg) {
        CompletableFuture<Stored> stored = new CompletableFuture<>();
        broker.sessions().enqueue(message, List.of(leg), new EnqueueCallback() {
            @Override
            public void onStored(int index, long seq, Owner owner, long acknowledgedUpTo) {
                stored.complete(new Stored(seq, owner, acknowledgedUpTo));
            }

            @Override
            public void onFailed(int index, Throwable cause) {
                stored.completeExceptionally(cause);
            }
        });
        return stored;
    }

    private void send(Route.Remote remote) {
        if (passedOn > MOST_PASSED_ON) {
            notThis(remote.node());
            return;
        }
        SpiCalls.call(
                loop,
                broker.timeouts().storeNanos(),
                "bus",
                () -> broker.cluster()
                        .bus()
                        .send(broker.nodeId(), remote.node(), new BusRecord.TransmitShared(message, filter, passedOn)),
                accepted -> {
                    if (accepted) {
                        onDone.run();
                    } else {
                        notThis(remote.node());
                    }
                },
                onFailure);
    }
}
