package io.mqttparty.netty.internal;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** All that a listener needs to know before it opens; checked by who fills it in. */
public record ListenerConfig(
        String name,
        Optional<String> host,
        int port,
        IoPlatform platform,
        Optional<EventLoopGroup> givenLoops,
        int loopThreads,
        Optional<ByteBufAllocator> allocator,
        OptionalInt backlog,
        Optional<WriteBufferWaterMark> waterMark,
        int maxConnections,
        List<PipelineStage> stages) {
    public ListenerConfig {
        stages = List.copyOf(stages);
    }

    /** The listener in messages: {@code tcp listener 127.0.0.1:1883}. */
    public String description() {
        return name + " listener " + host.orElse("*") + ":" + port;
    }
}
