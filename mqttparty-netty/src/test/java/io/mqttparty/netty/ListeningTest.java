package io.mqttparty.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mqttparty.model.MqttPartyException;
import io.mqttparty.netty.internal.IoPlatform;
import io.mqttparty.spi.transport.Listening;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Opening and closing listeners. */
@ExtendWith(NoLeaks.class)
class ListeningTest {
    private static NettyTransport tcp(IoModel model) {
        return NettyTransport.tcp(0).ioModel(model).eventLoopThreads(2);
    }

    @ParameterizedTest
    @EnumSource
    void listen_portInUse_failsAndReleasesAll(IoModel model) {
        try (Server<Recorder> server = new Server<>(tcp(model), Recorder::new)) {
            int port = server.listening.port();
            NettyTransport second =
                    NettyTransport.tcp(port).name("second").host("127.0.0.1").ioModel(model);
            assertThatThrownBy(() -> second.listen(Recorder::new)
                            .toCompletableFuture()
                            .orTimeout(10, TimeUnit.SECONDS)
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(MqttPartyException.class)
                    .hasMessage("second listener 127.0.0.1:" + port + ": cannot bind: Address already in use");
            await().until(() -> threads("mqttparty-second-").isEmpty());
        }
    }

    @Test
    void listen_unknownHost_fails() {
        assertThat(NettyTransport.tcp(0)
                        .host("no such host")
                        .listen(Recorder::new)
                        .toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("tcp listener no such host:0: cannot bind: unknown host");
    }

    @Test
    void listen_noHost_allAddresses() throws IOException {
        Listening listening = NettyTransport.tcp(0)
                .listen(Recorder::new)
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        new Socket("127.0.0.1", listening.port()).close();
        assertThat(listening.close().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @EnumSource
    void close_ownLoops_endsTheirThreads(IoModel model) throws IOException {
        NettyTransport transport = tcp(model).name("mine");
        try (Server<Recorder> server = new Server<>(transport, Recorder::new);
                Socket client = server.connect()) {
            server.accepted(0);
            assertThat(threads("mqttparty-mine-")).contains("mqttparty-mine-1");
            assertThat(server.listening.eventLoops()).hasSize(2);
            CompletableFuture<Void> closed = server.listening.close().toCompletableFuture();
            assertThat(closed).succeedsWithin(Duration.ofSeconds(10));
            assertThat(server.accepted(0).closes).hasValue(1);
            await().until(() -> threads("mqttparty-mine-").isEmpty());
            assertThat(server.listening.close().toCompletableFuture()).isDone();
            assertThatThrownBy(() -> server.listening.eventLoops().get(0).execute(() -> {}))
                    .isInstanceOf(java.util.concurrent.RejectedExecutionException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void close_givenLoops_stayOpen(IoModel model) throws IOException {
        IoPlatform platform =
                model == IoModel.NIO ? IoPlatform.nio() : IoPlatform.epoll().orElseThrow();
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(2, platform.loops().get());
        try {
            NettyTransport transport = NettyTransport.tcp(0).eventLoops(group);
            Server<Echo> other = new Server<>(transport, Echo::new);
            Socket survivor = other.connect();
            try (Server<Echo> server = new Server<>(transport, Echo::new);
                    Socket client = server.connect()) {
                client.getOutputStream().write(1);
                assertThat(client.getInputStream().read()).isEqualTo(1);
                assertThat(server.listening.eventLoops()).hasSize(2);
            }
            assertThat(group.isShuttingDown()).isFalse();
            survivor.getOutputStream().write(2);
            assertThat(survivor.getInputStream().read()).isEqualTo(2);
            survivor.close();
            other.close();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @ParameterizedTest
    @EnumSource
    void close_underTraffic_endsAll(IoModel model) throws IOException {
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        try (Server<Echo> server = new Server<>(tcp(model), Echo::new)) {
            for (int i = 0; i < 8; i++) {
                Socket client = server.connect();
                clients.add(CompletableFuture.runAsync(() -> writeForEver(client), ListeningTest::inThreadOfItsOwn));
            }
            await().until(() -> server.accepted().size() == 8
                    && server.accepted().stream().allMatch(echo -> echo.length() > 100_000));
        }
        assertThat(CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)))
                .succeedsWithin(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @EnumSource
    void stopAccepting_openConnectionsLiveOn(IoModel model) throws IOException {
        try (Server<Echo> server = new Server<>(tcp(model), Echo::new);
                Socket client = server.connect()) {
            server.accepted(0);
            assertThat(server.listening.stopAccepting().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
            assertThatThrownBy(server::connect).isInstanceOf(ConnectException.class);
            client.getOutputStream().write(1);
            assertThat(client.getInputStream().read()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void close_done_portIsFree(IoModel model) throws IOException {
        int port = 0;
        for (int i = 0; i < 20; i++) {
            NettyTransport transport = NettyTransport.tcp(port).ioModel(model).eventLoopThreads(1);
            try (Server<Recorder> server = new Server<>(transport, Recorder::new);
                    Socket client = server.connect()) {
                port = server.listening.port();
                server.accepted(0);
            }
        }
    }

    @Test
    void close_givenLoopsEndedBefore_doesNotHang() {
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, IoPlatform.nio().loops().get());
        Server<Recorder> server = new Server<>(NettyTransport.tcp(0).eventLoops(group), Recorder::new);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void maxConnections_reached_nextWaitsUntilOneCloses(IoModel model) throws IOException {
        try (LogCapture log = new LogCapture();
                Server<Echo> server = new Server<>(tcp(model).maxConnections(3), Echo::new)) {
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                clients.add(server.connect());
                clients.get(i).getOutputStream().write(i);
            }
            server.accepted(2);
            for (int i = 0; i < 10; i++) {
                assertThat(clients.get(i).getInputStream().read()).isEqualTo(i);
                assertThat(server.accepted().stream().filter(echo -> echo.closes.get() == 0))
                        .hasSizeLessThanOrEqualTo(3);
                clients.get(i).close();
            }
            assertThat(log.warnings()).singleElement().asString().contains("3 connections are open");
        }
    }

    /** Who blocks may not wait for a place in the common pool, which has a thread less than the machine has processors. */
    private static void inThreadOfItsOwn(Runnable task) {
        Thread thread = new Thread(task, "client");
        thread.setDaemon(true);
        thread.start();
    }

    private static void writeForEver(Socket client) {
        try (client) {
            CompletableFuture<Void> reading = CompletableFuture.runAsync(
                    () -> {
                        try {
                            client.getInputStream().readAllBytes();
                        } catch (IOException e) {
                            // As good an end as any.
                        }
                    },
                    ListeningTest::inThreadOfItsOwn);
            while (!reading.isDone()) {
                client.getOutputStream().write(new byte[10_000]);
            }
        } catch (IOException e) {
            // The end.
        }
    }

    private static List<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }
}
