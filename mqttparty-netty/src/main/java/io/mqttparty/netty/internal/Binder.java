package io.mqttparty.netty.internal;

import io.mqttparty.model.MqttPartyException;
import io.mqttparty.spi.transport.Listening;
import io.mqttparty.spi.transport.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Opens a listener from its description, or releases what it had made for it. */
public final class Binder {
    private final ListenerConfig config;

    /** A binder for this listener. */
    public Binder(ListenerConfig config) {
        this.config = config;
    }

    /** Binds. The stage completes on the loop of the server socket. */
    public CompletionStage<Listening> bind(Transport.Acceptor acceptor) {
        NettyVersions.checkOnce();
        try {
            InetSocketAddress address = address();
            return bind(address, LoopGroup.of(config), acceptor);
        } catch (MqttPartyException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private InetSocketAddress address() {
        if (config.host().isEmpty()) {
            return new InetSocketAddress(config.port());
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(config.host().get()), config.port());
        } catch (UnknownHostException e) {
            throw new MqttPartyException(config.description() + ": cannot bind: unknown host", e);
        }
    }

    private CompletionStage<Listening> bind(InetSocketAddress address, LoopGroup group, Transport.Acceptor acceptor) {
        CompletableFuture<Listening> bound = new CompletableFuture<>();
        EventLoops loops = new EventLoops(group.netty());
        ChannelFuture binding = bootstrap(group, loops, acceptor).bind(address);
        binding.addListener(done -> {
            if (done.isSuccess()) {
                TcpListener listener = new TcpListener(binding.channel(), group, loops);
                // Also makes the logger load what it needs while there are file descriptors for it.
                ConnectionLog.LOG.log(Level.INFO, opened(listener));
                bound.complete(listener);
            } else {
                group.release().thenAccept(released -> bound.completeExceptionally(failure(done.cause())));
            }
        });
        return bound;
    }

    private String opened(TcpListener listener) {
        return config.description() + ": open on port " + listener.port() + " ("
                + config.platform().name() + ", " + listener.eventLoops().size() + " event loops)";
    }

    private ServerBootstrap bootstrap(LoopGroup group, EventLoops loops, Transport.Acceptor acceptor) {
        ConnectionLog log = new ConnectionLog(config.description());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group.netty())
                .channelFactory(config.platform().serverChannels())
                .handler(new AcceptGate(config.description(), config.maxConnections()))
                .childHandler(new ConnectionInitializer(config.stages(), loops, acceptor, log))
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true);
        config.backlog().ifPresent(backlog -> bootstrap.option(ChannelOption.SO_BACKLOG, backlog));
        config.allocator().ifPresent(allocator -> bootstrap.childOption(ChannelOption.ALLOCATOR, allocator));
        config.waterMark().ifPresent(mark -> bootstrap.childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, mark));
        return bootstrap;
    }

    private MqttPartyException failure(Throwable cause) {
        return new MqttPartyException(config.description() + ": cannot bind: " + reason(cause), cause);
    }

    /** The same words for NIO and epoll, which says {@code bind(..) failed with error(-98): Address already in use}. */
    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.substring(message.lastIndexOf("): ") < 0 ? 0 : message.lastIndexOf("): ") + 3);
    }
}
