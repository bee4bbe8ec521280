package io.mqttparty.netty.internal;

import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One of the ways in which Netty does its IO: what makes the loops and the server channel that fits them. */
public record IoPlatform(
        String name,
        Supplier<IoHandlerFactory> loops,
        Class<? extends IoHandle> handleType,
        ChannelFactory<? extends ServerChannel> serverChannels) {
    /** What runs wherever Java runs. Its classes are not loaded before it is asked for. */
    public static IoPlatform nio() {
        return new IoPlatform("NIO", NioIoHandler::newFactory, NioIoHandle.class, NioServerSocketChannel::new);
    }

    /** Epoll, where its classes and its native library are here. */
    public static Optional<IoPlatform> epoll() {
        try {
            return EpollPlatform.find();
        } catch (LinkageError e) { // The optional jar is missing.
            return Optional.empty();
        }
    }

    /** The one that this group was made for. */
    public static Optional<IoPlatform> of(EventLoopGroup group) {
        if (!(group instanceof IoEventLoopGroup io)) {
            return Optional.empty();
        }
        return Stream.concat(Stream.of(nio()), epoll().stream())
                .filter(platform -> io.isCompatible(platform.handleType))
                .findFirst();
    }
}
