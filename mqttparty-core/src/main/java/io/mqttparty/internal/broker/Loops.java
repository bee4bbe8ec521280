package io.mqttparty.internal.broker;

import io.mqttparty.internal.codec.CodecLimits;
import io.mqttparty.internal.codec.PacketDecoder;
import io.mqttparty.model.Limits;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.transport.EventLoop;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The event loops of the broker and what the connections of each share. The first one is the home of what belongs to no connection. Any thread may call it. */
final class Loops {
    private final BrokerConfig config;
    private final RouteTable routes;
    private final ByteBudget budget;
    private final int count;
    private final ConcurrentHashMap<EventLoop, LoopContext> loops = new ConcurrentHashMap<>();
    private final LoopContext home;

    Loops(BrokerConfig config, Collection<EventLoop> eventLoops, RouteTable routes, ByteBudget budget) {
        this.config = config;
        this.routes = routes;
        this.budget = budget;
        this.count = eventLoops.size();
        eventLoops.forEach(this::of);
        this.home = of(eventLoops.iterator().next());
    }

    /** That of an event loop, also of one that a listener did not name. */
    LoopContext of(EventLoop eventLoop) {
        return loops.computeIfAbsent(eventLoop, this::make);
    }

    private LoopContext make(EventLoop eventLoop) {
        Limits limits = config.limits();
        return new LoopContext(
                eventLoop,
                new PacketDecoder(new CodecLimits(limits.topicBytes(), limits.topicSeparators())),
                new RouteCache(routes),
                new UnacceptedConnections(Math.max(1, limits.unauthenticatedConnections() / count)),
                budget,
                config.random().nextLong());
    }

    LoopContext home() {
        return home;
    }

    List<LoopContext> all() {
        return List.copyOf(loops.values());
    }

    /** Runs this on each of those that are open. */
    void each(Consumer<LoopContext> task) {
        loops.values().forEach(loop -> loop.execute(() -> task.accept(loop)));
    }

    /** The sum over all. */
    long count(Counter counter) {
        return loops.values().stream()
                .mapToLong(loop -> loop.counters().get(counter))
                .sum();
    }

    /** The sum over all. */
    long count(DropReason reason) {
        return loops.values().stream()
                .mapToLong(loop -> loop.counters().get(reason))
                .sum();
    }

    /** Counts something that happened on any thread. */
    void add(Counter counter) {
        home.execute(() -> home.counters().add(counter));
    }
}
