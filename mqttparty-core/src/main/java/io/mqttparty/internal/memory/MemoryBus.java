package io.mqttparty.internal.memory;

import io.mqttparty.model.MqttPartyException;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The members, which hear of a record while it is sent. */
final class MemoryBus implements ClusterBus {
    private final ConcurrentHashMap<NodeId, Handler> handlers = new ConcurrentHashMap<>();
    private final Records records;
    private final MemoryRouteLog routes;
    private final InstantSource clock;

    MemoryBus(Records records, MemoryRouteLog routes, InstantSource clock) {
        this.records = records;
        this.routes = routes;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Void> join(NodeId node, Handler handler, Runnable onFenced) {
        if (handlers.putIfAbsent(node, handler) != null) {
            return CompletableFuture.failedFuture(new MqttPartyException("node " + node + " is a member already"));
        }
        routes.join(node);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> leave(NodeId node) {
        if (handlers.remove(node) != null) {
            for (SessionRecord record : records.all()) {
                records.changeIfPresent(record.client, false, known -> {
                    if (node.equals(known.owner)) {
                        MemorySessions.lose(known, clock.millis());
                    }
                    return true;
                });
            }
            routes.leave(node);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Set<NodeId> members() {
        return Set.copyOf(handlers.keySet());
    }

    @Override
    public CompletionStage<Boolean> send(NodeId from, NodeId to, BusRecord record) {
        Handler handler = handlers.get(to);
        if (handler == null) {
            return CompletableFuture.completedFuture(false);
        }
        handler.onRecord(from, record);
        return CompletableFuture.completedFuture(true);
    }
}
