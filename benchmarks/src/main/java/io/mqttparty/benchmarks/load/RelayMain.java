package io.mqttparty.benchmarks.load;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the sockets alone cost on Netty: each read of a publisher is written as it is to all subscribers of its topic, one write and one flush
 * each. It understands the first packets of the generator and nothing else; no packet is looked at after them.
 */
public final class RelayMain {
    private static final byte[] CONNACK = {0x20, 2, 0, 0};
    private static final byte[] SUBACK = {(byte) 0x90, 3, 0, 1, 0};

    private RelayMain() {}

    /** Serves until standard input ends. */
    public static void main(String[] args) throws IOException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Map<String, List<Channel>> subscribers = new HashMap<>();
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Relay(subscribers));
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        System.out.println(((InetSocketAddress) server.localAddress()).getPort());
        for (int c = System.in.read(); c >= 0; c = System.in.read()) {
            if (c == '\n') {
                System.out.println(Counts.NOTHING); // it counts nothing
            }
        }
        loops.shutdownGracefully();
    }

    private static final class Relay extends ChannelInboundHandlerAdapter {
        private final Map<String, List<Channel>> subscribers;
        private @Nullable List<Channel> targets;

        Relay(Map<String, List<Channel>> subscribers) {
            this.subscribers = subscribers;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                if (targets == null) {
                    begin(ctx.channel(), bytes);
                }
                relay(bytes);
            } finally {
                bytes.release();
            }
        }

        private void begin(Channel channel, ByteBuf bytes) {
            while (targets == null && bytes.isReadable()) {
                int type = bytes.getByte(bytes.readerIndex()) >> 4 & 0xF;
                if (type == Frames.PUBLISH) {
                    targets = subscribers.getOrDefault(topic(bytes, 1 + lengthBytes(bytes)), List.of());
                    return;
                }
                if (type == 1) {
                    channel.write(Unpooled.wrappedBuffer(CONNACK));
                } else {
                    subscribers
                            .computeIfAbsent(topic(bytes, 4), t -> new ArrayList<>())
                            .add(channel);
                    channel.write(Unpooled.wrappedBuffer(SUBACK));
                }
                channel.flush();
                bytes.skipBytes(2 + bytes.getUnsignedByte(bytes.readerIndex() + 1));
            }
        }

        private static int lengthBytes(ByteBuf frame) {
            return frame.getByte(frame.readerIndex() + 1) < 0 ? 2 : 1;
        }

        private static String topic(ByteBuf frame, int offset) {
            int at = frame.readerIndex() + offset;
            return frame.toString(at + 2, frame.getUnsignedShort(at), StandardCharsets.UTF_8);
        }

        private void relay(ByteBuf bytes) {
            List<Channel> all = targets;
            if (all == null || !bytes.isReadable()) {
                return;
            }
            for (Channel each : all) {
                each.writeAndFlush(bytes.retainedSlice(), each.voidPromise());
            }
        }
    }
}
