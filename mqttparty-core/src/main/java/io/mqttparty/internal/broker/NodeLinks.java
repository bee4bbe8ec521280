package io.mqttparty.internal.broker;

import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.NodeId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Sends records to other nodes. Any thread may call it. */
final class NodeLinks {
    private final ClusterBus bus;
    private final Supplier<NodeId> self;

    NodeLinks(ClusterBus bus, Supplier<NodeId> self) {
        this.bus = bus;
        this.self = self;
    }

    /**
     * Sends a record.
     *
     * @param onLost what happens on the loop if it did not leave: the node is gone, or the bus failed
     */
    void send(LoopContext loop, NodeId node, BusRecord record, Runnable onLost) {
        CompletionStage<Boolean> sent;
        try {
            sent = bus.send(self.get(), node, record);
        } catch (Throwable e) {
            loop.execute(() -> failed(loop, onLost));
            return;
        }
        CompletableFuture<Boolean> future = SpiCalls.asFuture(sent);
        if (future != null && isAccepted(future)) {
            return;
        }
        var unused = sent.whenComplete((accepted, failure) -> {
            if (failure != null) {
                loop.execute(() -> failed(loop, onLost));
            } else if (!accepted) {
                loop.execute(onLost);
            }
        });
    }

    private static boolean isAccepted(CompletableFuture<Boolean> sent) {
        return sent.isDone() && !sent.isCompletedExceptionally() && sent.join();
    }

    private static void failed(LoopContext loop, Runnable onLost) {
        loop.counters().add(Counter.SPI_FAILURES);
        onLost.run();
    }
}
