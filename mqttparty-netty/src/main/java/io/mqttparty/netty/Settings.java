package io.mqttparty.netty;

import io.mqttparty.netty.internal.IoPlatform;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import java.util.Optional;
import java.util.OptionalInt;

/** The values of a {@link NettyTransport}; changed only before the transport that owns them is handed out. */
final class Settings {
    String name = "tcp";
    Optional<String> host = Optional.empty();
    int port;
    Optional<EventLoopGroup> group = Optional.empty();
    Optional<IoPlatform> groupPlatform = Optional.empty();
    OptionalInt threads = OptionalInt.empty();
    IoModel ioModel = IoModel.AUTO;
    Optional<ByteBufAllocator> allocator = Optional.empty();
    OptionalInt backlog = OptionalInt.empty();
    Optional<WriteBufferWaterMark> waterMark = Optional.empty();
    int maxConnections = 100_000;
    Optional<ProxyProtocol> proxyProtocol = Optional.empty();

    Settings copy() {
        Settings copy = new Settings();
        copy.name = name;
        copy.host = host;
        copy.port = port;
        copy.group = group;
        copy.groupPlatform = groupPlatform;
        copy.threads = threads;
        copy.ioModel = ioModel;
        copy.allocator = allocator;
        copy.backlog = backlog;
        copy.waterMark = waterMark;
        copy.maxConnections = maxConnections;
        copy.proxyProtocol = proxyProtocol;
        return copy;
    }
}
