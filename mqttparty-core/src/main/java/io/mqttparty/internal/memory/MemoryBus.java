package io.mqttparty.internal.memory;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The bus between brokers of one JVM: direct calls. No membership is ever lost, so nobody is fenced. */
final class MemoryBus implements ClusterBus {
    private static final CompletableFuture<Boolean> ACCEPTED = completedFuture(true);
    private static final CompletableFuture<Boolean> NO_MEMBER = completedFuture(false);

    private final Members members;
    private final MemoryRouteLog routes;
    private final Ownership ownership;

    MemoryBus(Members members, MemoryRouteLog routes, Ownership ownership) {
        this.members = members;
        this.routes = routes;
        this.ownership = ownership;
    }

    @Override
    public CompletionStage<Lease> join(NodeId node, Handler handler) {
        return members.add(node, handler)
                ? completedFuture(Lease.ENDLESS)
                : failedFuture(new IllegalStateException("node: " + node + " (expected: an id that is not in use)"));
    }

    @Override
    public CompletionStage<Void> leave(NodeId node) {
        if (members.remove(node)) {
            routes.nodeDown(node);
            List<ClientId> lost = ownership.loseAll(node);
            routes.deliver();
            lost.forEach(client -> members.tellLost(node, client));
        }
        return completedFuture(null);
    }

    @Override
    public Set<NodeId> members() {
        return members.all();
    }

    @Override
    public CompletionStage<Boolean> send(NodeId from, NodeId to, BusRecord record) {
        return members.send(from, to, record) ? ACCEPTED : NO_MEMBER;
    }
}
