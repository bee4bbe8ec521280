package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.NodeId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * This node's place in the cluster. It joins, follows the routes and serves. A node whose lease is lost has been given up by the others: it closes
 * all connections, and joins again under another id, since nothing of what it was may be taken for it. Until then it refuses clients.
 *
 * <pre>
 * state    input              next     effect
 * -        start              JOINING  join, follow the routes, announce filters
 * JOINING  done               SERVING  -
 * JOINING  failed at start    -        the start fails
 * JOINING  failed, fenced     JOINING  leave, and join with a new id after a while
 * SERVING  fenced             JOINING  close all connections, leave, join with a new id
 * any      end                ENDED    leave
 * </pre>
 */
final class Membership {
    /** How long one attempt to join may take, with the whole snapshot of the routes. */
    private static final long JOIN_NANOS = 60_000_000_000L;

    private static final long FIRST_RETRY_NANOS = 400_000_000L;
    private static final long LONGEST_RETRY_NANOS = 10_000_000_000L;

    private final BrokerRuntime broker;
    private final Backoff backoff;
    private volatile Member member;
    private volatile boolean ended;

    Membership(BrokerRuntime broker) {
        this.broker = broker;
        this.backoff = new Backoff(broker.random(), FIRST_RETRY_NANOS, LONGEST_RETRY_NANOS);
        this.member = new Member(broker.ids().newNodeId());
    }

    /** Who this node is now. */
    Member member() {
        return member;
    }

    /** Whether clients may connect. */
    boolean isServing() {
        return member.isServing();
    }

    /** Joins for the first time. */
    CompletionStage<Void> start() {
        Member first = member;
        join(first);
        return first.joined.thenAccept(joined -> {
            if (!first.serve()) {
                throw lostWhileJoining();
            }
        });
    }

    /** Completes {@link Member#joined}. */
    private void join(Member joining) {
        var unused = broker.cluster()
                .bus()
                .join(joining.id, joining)
                .thenCompose(lease -> follow(joining, lease))
                .thenCompose(followed -> broker.routes().announcements().addAll())
                .whenComplete((announced, failure) -> {
                    if (failure != null) {
                        joining.joined.completeExceptionally(failure);
                    } else {
                        joining.joined.complete(true);
                    }
                });
    }

    private CompletionStage<Void> follow(Member joining, ClusterBus.Lease lease) {
        joining.lease = lease;
        if (ended) { // the end came while it was joining
            return broker.cluster().bus().leave(joining.id);
        }
        return broker.cluster()
                .routes()
                .follow(joining.id, broker.routes().mirror().read(joining.id));
    }

    /** Ends it for good. */
    CompletionStage<Void> leave() {
        ended = true;
        return broker.cluster().bus().leave(member.id);
    }

    /** The log says that a node is gone; on any thread. */
    void onNodeDown(NodeId node) {
        Member now = member;
        if (node.equals(now.id)) {
            now.onFenced();
        } else {
            broker.resync().start();
        }
    }

    // ---- joining again, on the home loop ----

    private void rejoin(Member over) {
        if (ended || broker.isClosing()) {
            return;
        }
        SpiCalls.call(
                broker.homeLoop(),
                broker.timeouts().storeNanos(),
                "membership",
                () -> broker.cluster().bus().leave(over.id).thenApply(left -> true),
                left -> attempt(),
                failure -> {
                    broker.log()
                            .backendFailed("membership", failure); // the others notice by themselves that it is over
                    attempt();
                });
    }

    private void attempt() {
        Member next = new Member(broker.ids().newNodeId());
        member = next;
        SpiCalls.call(
                broker.homeLoop(),
                JOIN_NANOS,
                "membership",
                () -> {
                    join(next);
                    return next.joined;
                },
                joined -> {
                    if (next.serve()) {
                        backoff.reset();
                        broker.log().joined(next.id);
                    } else {
                        failed(next, lostWhileJoining());
                    }
                },
                failure -> failed(next, failure));
    }

    private void failed(Member next, Throwable failure) {
        next.end();
        broker.log().backendFailed("membership", failure);
        var unused = broker.homeLoop().eventLoop().schedule(backoff.next(), () -> rejoin(next));
    }

    private static MqttPartyException lostWhileJoining() {
        return new MqttPartyException("membership: lost while joining");
    }

    /** One membership: its id, and its lease once it has one. */
    final class Member implements ClusterBus.Handler {
        private final NodeId id;
        private final CompletableFuture<Boolean> joined = new CompletableFuture<>();
        private volatile ClusterBus.Lease lease = () -> false;
        private volatile boolean serving;
        private volatile boolean over;

        private Member(NodeId id) {
            this.id = id;
        }

        NodeId id() {
            return id;
        }

        /** Whether the others take this node for alive, as far as it can know. Asked before each write to a client. */
        boolean isHeld() {
            return !over && lease.isHeld();
        }

        boolean isServing() {
            return serving && isHeld();
        }

        private synchronized boolean serve() {
            serving = !over;
            return serving;
        }

        /** Ends it; says whether it was serving. */
        private synchronized boolean end() {
            boolean served = serving;
            over = true;
            serving = false;
            return served;
        }

        /** The lease is lost: by what the bus says, by what a connection sees that is about to write, or by what the route log says. */
        @Override
        public void onFenced() {
            boolean served = end();
            joined.completeExceptionally(lostWhileJoining());
            if (!served || ended) {
                return;
            }
            broker.endAll(ReasonCode.SERVER_UNAVAILABLE);
            broker.calls().failAll("the node is no member of the cluster any more");
            broker.log().fenced(id);
            broker.homeLoop().execute(() -> {
                broker.homeLoop().counters().add(Counter.MEMBERSHIPS_LOST);
                rejoin(this);
            });
        }

        @Override
        public void onRecord(NodeId from, BusRecord record) {
            if (!over) {
                broker.onRecord(from, record);
            }
        }

        @Override
        public void onConnectionLost(NodeId node, ClientId client) {
            broker.lostConnections().add(node, client);
        }

        @Override
        public void onGap() {
            if (!over) {
                broker.resync().onGap();
            }
        }

        @Override
        public void onStoreReplaced() {
            if (!over) {
                broker.resync().start();
                var unused = broker.routes().announcements().addAll();
            }
        }
    }
}
