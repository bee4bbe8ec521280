package io.mqttparty.examples;

import static io.netty.buffer.Unpooled.copiedBuffer;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttparty.MqttParty;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;

/** The HTTP server of {@link EventLoopsExample}: publishes the body of each POST to the topic that its path names. */
final class HttpPublisher extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final int MAX_BODY_BYTES = 64 * 1024;

    private final MqttParty broker;

    private HttpPublisher(MqttParty broker) {
        this.broker = broker;
    }

    static Channel start(EventLoopGroup loops, MqttParty broker, int port) {
        return new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(MAX_BODY_BYTES),
                                        new HttpPublisher(broker));
                    }
                })
                .bind("127.0.0.1", port)
                .syncUninterruptibly()
                .channel();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (!request.method().equals(HttpMethod.POST)) {
            answer(context, HttpResponseStatus.METHOD_NOT_ALLOWED, "POST to /topic\n");
            return;
        }
        Message message;
        try {
            TopicName topic = TopicName.of(request.uri().substring(1));
            message = new Message(topic, Payload.copyOf(request.content().nioBuffer()), QoS.AT_LEAST_ONCE, false);
        } catch (IllegalArgumentException e) {
            answer(context, HttpResponseStatus.BAD_REQUEST, e.getMessage() + "\n");
            return;
        }
        var unused = broker.publish(message).whenComplete((result, failure) -> {
            if (failure == null) {
                answer(context, HttpResponseStatus.OK, result.outcome() + "\n");
            } else {
                answer(context, HttpResponseStatus.INTERNAL_SERVER_ERROR, "not published\n");
            }
        });
    }

    private static void answer(ChannelHandlerContext context, HttpResponseStatus status, String text) {
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, copiedBuffer(text, UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        response.headers().set(HttpHeaderNames.CONNECTION, "close");
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
