package io.mqttparty.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.netty.LogCapture;
import io.mqttparty.netty.NoLeaks;
import io.mqttparty.spi.transport.ConnectionHandler;
import io.mqttparty.spi.transport.OutboundBatch;
import io.mqttparty.spi.transport.TransportChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one connection does with its channel, counted exactly. */
@ExtendWith(NoLeaks.class)
class NettyConnectionTest {
    private final Outbound outbound = new Outbound();
    private final List<String> events = new ArrayList<>();
    private final EmbeddedChannel netty = new EmbeddedChannel(outbound);
    private TransportChannel connection;

    private void begin() {
        NettyEventLoop loop = new NettyEventLoop(netty.eventLoop());
        netty.pipeline().addLast(new NettyConnection(loop, this::accept, new ConnectionLog("test")));
        netty.pipeline().fireChannelActive();
    }

    private ConnectionHandler accept(TransportChannel channel) {
        connection = channel;
        return new ConnectionHandler() {
            @Override
            public void onBytes(ByteBuffer bytes) {
                events.add("bytes " + bytes.remaining());
            }

            @Override
            public void onWritable() {
                events.add("writable");
            }

            @Override
            public void onClosed() {
                events.add("closed");
            }
        };
    }

    @AfterEach
    void finish() {
        netty.finishAndReleaseAll();
    }

    @Test
    void pipeline_plainTcp_oneHandler() {
        EmbeddedChannel plain = new EmbeddedChannel();
        EventLoops loops = new EventLoops(plain.eventLoop());
        plain.pipeline().addLast(new ConnectionInitializer(List.of(), loops, this::accept, new ConnectionLog("test")));
        assertThat(plain.pipeline().toMap().values()).singleElement().isInstanceOf(NettyConnection.class);
        plain.pipeline().fireChannelActive();
        assertThat(connection.eventLoop()).isSameAs(loops.all().get(0));
        plain.finishAndReleaseAll();
    }

    @Test
    void write_batch_oneBufferOfItsLengthOneWriteNoFlush() {
        begin();
        connection.write(new Frames(1000, 1000));
        assertThat(outbound.calls).containsExactly("write 1000 of 1000");
        connection.flush();
        assertThat(outbound.calls).containsExactly("write 1000 of 1000", "flush");
        ByteBuf sent = netty.readOutbound();
        assertThat(sent.isDirect()).isTrue();
        assertThat(sent.isReadable(1000)).isTrue();
        sent.release();
        assertThat(netty.<ByteBuf>readOutbound()).isNull();
    }

    @Test
    void write_batchTooShort_closesAndSendsNothing() {
        try (LogCapture log = new LogCapture()) {
            begin();
            connection.write(new Frames(1000, 999));
            netty.runPendingTasks();
            assertThat(netty.isOpen()).isFalse();
            assertThat(netty.<ByteBuf>readOutbound()).isNull();
            assertThat(events).containsExactly("closed");
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void write_batchTooLong_closesAndSendsNothing() {
        try (LogCapture log = new LogCapture()) {
            begin();
            connection.write(new Frames(1000, 1001));
            netty.runPendingTasks();
            assertThat(netty.isOpen()).isFalse();
            assertThat(events).containsExactly("closed");
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void read_oneBuffer_oneViewAndReleased() {
        begin();
        ByteBuf read = ByteBufAllocator.DEFAULT.ioBuffer(64).writeZero(50).skipBytes(8);
        netty.writeInbound(read);
        assertThat(events).containsExactly("bytes 42");
        assertThat(read.refCnt()).isZero();
    }

    @Test
    void read_compositeBuffer_oneViewAndReleased() {
        begin();
        CompositeByteBuf read = Unpooled.compositeBuffer()
                .addComponent(true, ByteBufAllocator.DEFAULT.ioBuffer().writeZero(10))
                .addComponent(true, ByteBufAllocator.DEFAULT.ioBuffer().writeZero(20));
        netty.writeInbound(read);
        assertThat(events).containsExactly("bytes 30");
        assertThat(read.refCnt()).isZero();
    }

    @Test
    void writability_falseThenTrue_oneCallOutsideOfFlush() {
        begin();
        outbound.held = true;
        netty.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        assertThat(connection.isWritable()).isFalse();
        assertThat(events).isEmpty();
        netty.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        assertThat(events).isEmpty();
        netty.runPendingTasks();
        assertThat(events).containsExactly("writable");
    }

    @Test
    void writability_falseAgainBeforeTheTurnEnds_noCall() {
        begin();
        for (boolean writable : new boolean[] {false, true, false}) {
            netty.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        }
        netty.runPendingTasks();
        assertThat(events).isEmpty();
    }

    @Test
    void close_bytesCannotLeave_endsAfterTheLimit() {
        begin();
        netty.freezeTime();
        outbound.held = true;
        connection.write(new Frames(10, 10));
        connection.flush();
        connection.close();
        netty.writeInbound(Unpooled.wrappedBuffer(new byte[5]));
        netty.advanceTimeBy(OrderlyClose.FLUSH_SECONDS - 1, TimeUnit.SECONDS);
        netty.runScheduledPendingTasks();
        assertThat(netty.isOpen()).isTrue();
        assertThat(events).isEmpty();
        netty.advanceTimeBy(1, TimeUnit.SECONDS);
        netty.runScheduledPendingTasks();
        netty.runPendingTasks();
        assertThat(netty.isOpen()).isFalse();
        assertThat(events).containsExactly("closed");
    }

    @Test
    void closed_byPeer_oneCallAndLaterCallsAreIgnored() {
        begin();
        netty.close();
        netty.runPendingTasks();
        connection.write(new Frames(1, 1));
        connection.flush();
        connection.setReading(false);
        connection.close();
        netty.runPendingTasks();
        assertThat(events).containsExactly("closed");
        assertThat(connection.remoteAddress()).isNotNull();
    }

    /** Bytes that may not be as many as they say. */
    private record Frames(int length, int written) implements OutboundBatch {
        @Override
        public int frames() {
            return 2;
        }

        @Override
        public void writeTo(ByteBuffer target) {
            target.put(new byte[written]);
        }
    }

    /** Sees what goes out, and keeps it if told. */
    private static final class Outbound extends ChannelOutboundHandlerAdapter {
        final List<String> calls = new ArrayList<>();
        boolean held;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) throws Exception {
            ByteBuf bytes = (ByteBuf) message;
            calls.add("write " + bytes.readableBytes() + " of " + bytes.capacity());
            if (held) {
                bytes.release();
            } else {
                super.write(ctx, message, promise);
            }
        }

        @Override
        public void flush(ChannelHandlerContext ctx) throws Exception {
            calls.add("flush");
            super.flush(ctx);
        }
    }
}
