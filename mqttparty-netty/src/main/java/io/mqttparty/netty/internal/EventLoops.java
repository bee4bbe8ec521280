package io.mqttparty.netty.internal;

import io.mqttparty.spi.transport.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The loops of a group, each with the one object that stands for it in this listener. */
final class EventLoops {
    private final List<NettyEventLoop> loops = new ArrayList<>();
    private final IdentityHashMap<EventExecutor, NettyEventLoop> byNetty = new IdentityHashMap<>();

    EventLoops(EventLoopGroup group) {
        for (EventExecutor executor : group) {
            NettyEventLoop loop = new NettyEventLoop((io.netty.channel.EventLoop) executor);
            loops.add(loop);
            byNetty.put(executor, loop);
        }
    }

    List<EventLoop> all() {
        return List.copyOf(loops);
    }

    NettyEventLoop of(io.netty.channel.EventLoop loop) {
        NettyEventLoop known = byNetty.get(loop);
        if (known == null) {
            throw new IllegalStateException("a loop outside of its group: " + loop);
        }
        return known;
    }

    CompletableFuture<Void> closeConnections(long limitNanos) {
        return CompletableFuture.allOf(
                loops.stream().map(loop -> loop.closeConnections(limitNanos)).toArray(CompletableFuture[]::new));
    }
}
