package io.mqttparty.examples;

import io.mqttparty.MqttParty;
import io.mqttparty.netty.NettyTransport;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetSocketAddress;

/**
 * A service that has an HTTP server on Netty and gets a broker on the same event loops: no further thread. {@code curl -d on
 * http://127.0.0.1:8080/lamps/1} publishes {@code on} to the topic {@code lamps/1}.
 */
public final class EventLoopsExample implements AutoCloseable {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final MqttParty broker;
    private final Channel http;

    /** Starts both on these ports of the loopback address; 0 takes any free one. */
    public EventLoopsExample(int mqttPort, int httpPort) {
        broker = MqttParty.builder()
                .listener(NettyTransport.tcp(mqttPort).host("127.0.0.1").eventLoops(loops))
                .allowAnonymous()
                .build();
        broker.start().toCompletableFuture().join();
        http = HttpPublisher.start(loops, broker, httpPort);
    }

    /** Starts it on the ports 1883 and 8080. */
    public static void main(String[] args) {
        EventLoopsExample service = new EventLoopsExample(1883, 8080);
        Runtime.getRuntime().addShutdownHook(new Thread(service::close));
    }

    int mqttPort() {
        return broker.port();
    }

    int httpPort() {
        return ((InetSocketAddress) http.localAddress()).getPort();
    }

    /** The broker leaves the loops open: they are the service's. */
    @Override
    public void close() {
        http.close().syncUninterruptibly();
        broker.close();
        loops.shutdownGracefully().syncUninterruptibly();
    }
}
