package io.mqttparty.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.netty.LogCapture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the listener accepts and when it waits. */
class AcceptGateTest {
    private final EmbeddedChannel server = new EmbeddedChannel(new AcceptGate("test", 2));

    @BeforeEach
    void stopTheClock() {
        server.freezeTime();
    }

    @Test
    void accept_fails_waitsASecondAndLogsOnce() {
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 5; i++) {
                server.pipeline().fireExceptionCaught(new IOException("Too many open files"));
                assertThat(server.config().isAutoRead()).isFalse();
                server.advanceTimeBy(999, TimeUnit.MILLISECONDS);
                server.runScheduledPendingTasks();
                assertThat(server.config().isAutoRead()).isFalse();
                server.advanceTimeBy(1, TimeUnit.MILLISECONDS);
                server.runScheduledPendingTasks();
                assertThat(server.config().isAutoRead()).isTrue();
            }
            assertThat(log.warnings()).containsExactly("test: cannot accept, trying again in 1 s: Too many open files");
        }
    }

    @Test
    void accept_beyondTheLimitInOneTurn_keepsTheRestBack() {
        EmbeddedChannel[] channels = new EmbeddedChannel[5];
        for (int i = 0; i < channels.length; i++) {
            channels[i] = new EmbeddedChannel();
            server.writeInbound(channels[i]);
        }
        assertThat(server.inboundMessages()).hasSize(2);
        assertThat(server.config().isAutoRead()).isFalse();
        channels[0].close();
        server.runPendingTasks();
        assertThat(server.inboundMessages()).hasSize(3);
        assertThat(server.config().isAutoRead()).isFalse();
        channels[1].close();
        channels[2].close();
        server.runPendingTasks();
        assertThat(server.inboundMessages()).hasSize(5);
        channels[3].close();
        server.runPendingTasks();
        assertThat(server.config().isAutoRead()).isTrue();
    }

    @Test
    void retry_whileFull_staysShut() {
        EmbeddedChannel first = new EmbeddedChannel();
        server.writeInbound(first, new EmbeddedChannel());
        server.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        server.advanceTimeBy(1, TimeUnit.SECONDS);
        server.runScheduledPendingTasks();
        assertThat(server.config().isAutoRead()).isFalse();
        first.close();
        server.runPendingTasks();
        assertThat(server.config().isAutoRead()).isTrue();
    }

    @Test
    void close_withConnectionsKeptBack_closesThem() {
        EmbeddedChannel third = new EmbeddedChannel();
        server.writeInbound(new EmbeddedChannel(), new EmbeddedChannel(), third);
        server.close();
        server.runPendingTasks();
        assertThat(third.isOpen()).isFalse();
    }
}
