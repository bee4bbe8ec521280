package io.mqttparty.http.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.internal.downlink.Downlink;
import io.mqttparty.http.internal.downlink.DownlinkSettings;
import io.mqttparty.model.MqttPartyException;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Begin and end of the server, on an event loop that the test holds back. */
class HttpServerTest {
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CountDownLatch loopGoesOn = new CountDownLatch(1);
    private int port;

    @BeforeEach
    void findFreePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void endLoop() {
        loopGoesOn.countDown();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private HttpServer server(int port) {
        return new HttpServer(
                new ServerSettings(
                        "127.0.0.1",
                        port,
                        Optional.of(group),
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
    }

    /** Nothing happens on the event loop until the latch is open. */
    private void holdLoop() {
        group.next().execute(() -> {
            try {
                loopGoesOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void assertPortIsFree() throws IOException {
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
    }

    private static ThrowableAssertAlternative<?> assertFails(CompletionStage<Void> stage) {
        return assertThat(stage)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(MqttPartyException.class);
    }

    @Test
    void stop_bindIsUnfinished_portIsGivenBackAndBothStagesComplete() throws IOException {
        HttpServer server = server(port);
        holdLoop();
        CompletionStage<Void> started = server.start();
        CompletionStage<Void> stopped = server.stop();
        assertThat(started.toCompletableFuture()).isNotDone();
        assertThat(stopped.toCompletableFuture()).isNotDone();

        loopGoesOn.countDown();

        assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
        assertPortIsFree();
        assertFails(started).withMessageContaining("stopped before it was started");
        assertThat(server.stop()).isSameAs(stopped);
    }

    @Test
    void stop_bindFails_completes() throws IOException {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            HttpServer server = server(taken.getLocalPort());
            holdLoop();
            CompletionStage<Void> started = server.start();
            CompletionStage<Void> stopped = server.stop();

            loopGoesOn.countDown();

            assertFails(started).withMessageContaining("in use");
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void stop_onEventLoopsThatAreGiven_portIsGivenBackBeforeItCompletes() throws IOException {
        HttpServer server = server(port);
        assertThat(server.start()).succeedsWithin(Duration.ofSeconds(20));
        assertThat(server.port()).isEqualTo(port);
        holdLoop();

        CompletionStage<Void> stopped = server.stop();

        assertThat(stopped.toCompletableFuture()).isNotDone();
        loopGoesOn.countDown();
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
        assertPortIsFree();
    }

    @Test
    void stop_beforeStart_startFails() throws IOException {
        HttpServer server = server(port);

        assertThat(server.stop()).succeedsWithin(Duration.ofSeconds(20));

        assertFails(server.start()).withMessageContaining("stopped before it was started");
        assertPortIsFree();
    }

    @Test
    void stop_eventLoopsHaveEnded_completes() {
        HttpServer server = server(port);
        assertThat(server.start()).succeedsWithin(Duration.ofSeconds(20));
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();

        assertThat(server.stop()).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void start_eventLoopsHaveEnded_fails() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();

        assertFails(server(port).start()).withMessageContaining("event loops are shut down");
    }

    @Test
    void start_twice_failsAndTheFirstServesOn() {
        HttpServer server = server(port);
        assertThat(server.start()).succeedsWithin(Duration.ofSeconds(20));

        assertFails(server.start()).withMessageContaining("started twice");

        assertThat(server.port()).isEqualTo(port);
        assertThat(server.stop()).succeedsWithin(Duration.ofSeconds(20));
    }
}
