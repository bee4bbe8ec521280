package io.mqttparty.netty.internal;

import io.mqttparty.spi.transport.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import java.util.List;

/** Builds the pipeline of each connection: the stages of the listener, then the connection. */
@Sharable
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private final List<PipelineStage> stages;
    private final EventLoops loops;
    private final Transport.Acceptor acceptor;
    private final ConnectionLog log;

    ConnectionInitializer(
            List<PipelineStage> stages, EventLoops loops, Transport.Acceptor acceptor, ConnectionLog log) {
        this.stages = stages;
        this.loops = loops;
        this.acceptor = acceptor;
        this.log = log;
    }

    @Override
    protected void initChannel(Channel channel) {
        NettyConnection connection = new NettyConnection(loops.of(channel.eventLoop()), acceptor, log);
        for (PipelineStage stage : stages) {
            stage.addTo(channel, connection);
        }
        channel.pipeline().addLast(connection);
    }
}
