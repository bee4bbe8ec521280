package io.mqttparty.http.internal.server;

import io.mqttparty.http.internal.downlink.Problem;
import io.mqttparty.http.spi.DownlinkResponse;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the pipeline of a connection; TLS would be its first handler. One that is too many gets 503, as long as not too many of these linger. */
@SuppressWarnings("FutureReturnValueIgnored") // Of the end of a connection, and of writes whose failure is that.
final class ConnectionSetup extends ChannelInitializer<SocketChannel> {
    private static final int MOST_REFUSED_AT_ONCE = 1_000;

    private static final DownlinkResponse FULL =
            Problem.TOO_MANY_CONNECTIONS.response("this server has too many connections");

    private final HttpServer server;
    private final AtomicInteger refused = new AtomicInteger();

    ConnectionSetup(HttpServer server) {
        this.server = server;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        HttpConnection connection = new HttpConnection(server);
        ChannelPipeline pipeline = channel.pipeline();
        if (!server.add(connection)) {
            refuse(channel);
            return;
        }
        channel.closeFuture().addListener(closed -> server.remove(connection));
        pipeline.addLast(new HttpResponseEncoder());
        pipeline.addLast(new StrictRequestDecoder(server.settings(), connection::onBytes));
        pipeline.addLast(connection);
    }

    private void refuse(SocketChannel channel) {
        refused.incrementAndGet();
        channel.closeFuture().addListener(closed -> refused.decrementAndGet());
        if (server.isStopping() || refused.get() > MOST_REFUSED_AT_ONCE) {
            channel.close();
            return;
        }
        channel.pipeline().addLast(new HttpResponseEncoder(), new Refusal());
    }

    /** Says that there are too many, and goes. */
    private static final class Refusal extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(Responses.of(FULL, true, false)).addListener(written -> LingeringClose.begin(ctx));
        }
    }
}
