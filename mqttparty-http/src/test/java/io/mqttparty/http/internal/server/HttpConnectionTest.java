package io.mqttparty.http.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.internal.downlink.Downlink;
import io.mqttparty.http.internal.downlink.DownlinkSettings;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection without a socket, whose peer reads nothing. */
class HttpConnectionTest {
    private final HttpServer server = new HttpServer(
            new ServerSettings(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    10,
                    1_000,
                    1_000,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(3)),
            new Downlink(new DownlinkSettings(
                    head -> CompletableFuture.completedFuture(true),
                    Duration.ofSeconds(5),
                    1_000,
                    10,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    "q/{correlation}",
                    "a/{correlation}")));

    @ParameterizedTest
    @ValueSource(strings = {"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n", "no HTTP\r\n\r\n"})
    void answer_thatIsNotRead_closesTheConnectionInTime(String request) {
        HttpConnection connection = new HttpConnection(server);
        EmbeddedChannel channel = new EmbeddedChannel(
                new Deaf(),
                new HttpResponseEncoder(),
                new StrictRequestDecoder(server.settings(), connection::onBytes),
                connection);
        channel.freezeTime();
        channel.writeInbound(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));

        channel.advanceTimeBy(9, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    /** Takes what is written, and never says that it has gone. */
    private static final class Deaf extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
        }
    }
}
