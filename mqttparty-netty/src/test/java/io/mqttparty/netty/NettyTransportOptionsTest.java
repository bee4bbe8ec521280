package io.mqttparty.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a transport refuses, at the call. */
class NettyTransportOptionsTest {
    private static final NettyTransport TCP = NettyTransport.tcp(1883);

    @Test
    void tcp_portOutOfRange_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NettyTransport.tcp(65_536))
                .withMessage("port: 65536 (expected: 0 to 65535)");
        assertThatIllegalArgumentException().isThrownBy(() -> NettyTransport.tcp(-1));
    }

    @Test
    void options_outOfRange_refused() {
        assertRefused(tcp -> tcp.host(" "), "host: blank (expected: an address or a name)");
        assertRefused(tcp -> tcp.name("a b"), "name: a b (expected: 1 to 32 of A-Z a-z 0-9 . _ -)");
        assertRefused(tcp -> tcp.eventLoopThreads(0), "eventLoopThreads: 0 (expected: 1 to 1024)");
        assertRefused(tcp -> tcp.backlog(0), "backlog: 0 (expected: at least 1)");
        assertRefused(tcp -> tcp.maxConnections(0), "maxConnections: 0 (expected: at least 1)");
        assertRefused(
                tcp -> tcp.writeBufferWaterMark(2, 1),
                "writeBufferWaterMark: 2, 1 (expected: 0 <= low <= high, high > 0)");
    }

    private static void assertRefused(UnaryOperator<NettyTransport> option, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> option.apply(TCP)).withMessage(message);
    }

    @Test
    void options_set_leaveTheOriginalAlone() {
        assertThat(TCP.name("other").name()).isEqualTo("other");
        assertThat(TCP.name()).isEqualTo("tcp");
    }

    @Test
    void eventLoops_notForSockets_refused() {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TCP.eventLoops(group))
                .withMessage(
                        "eventLoops: io.netty.channel.MultiThreadIoEventLoopGroup (expected: an open group for NIO or epoll)");
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void eventLoops_withOwnOnes_refused() {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        assertThatIllegalStateException().isThrownBy(() -> TCP.eventLoops(group).eventLoopThreads(1));
        assertThatIllegalStateException().isThrownBy(() -> TCP.eventLoops(group).ioModel(IoModel.NIO));
        assertThatIllegalStateException()
                .isThrownBy(() -> TCP.eventLoopThreads(1).eventLoops(group));
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        assertThatIllegalArgumentException().isThrownBy(() -> TCP.eventLoops(group));
    }
}
