package io.mqttparty.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.spi.transport.EventLoop;
import io.mqttparty.spi.transport.Listening;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LoopbackTransportTest {
    private final FakeClock clock = FakeClock.create();
    private final LoopbackTransport transport = LoopbackTransport.create(clock, 2, "mem");
    private final TinyBroker broker = TinyBroker.silent();

    @Test
    void listen_givesItsLoopsAndNoPort() {
        Listening listening = broker.listen(transport);

        assertThat(transport.name()).isEqualTo("mem");
        assertThat(listening.port()).isZero();
        assertThat(listening.eventLoops())
                .containsExactly(transport.eventLoop(0), transport.eventLoop(1))
                .extracting(EventLoop::toString)
                .containsExactly("mem-0", "mem-1");
    }

    @Test
    void listen_toldToFail_fails() {
        IOException taken = new IOException("port taken");
        transport.failListening(taken);

        assertThat(transport.listen(broker)).isCompletedExceptionally();
        assertThat(transport.eventLoop(0).isClosed()).isTrue();
    }

    @Test
    void listen_twice_failsTheTest() {
        broker.listen(transport);

        assertThat(transport.listen(broker)).isCompletedExceptionally();
        assertThatThrownBy(transport::close)
                .isInstanceOf(ContractViolation.class)
                .hasMessageContaining("listen");
    }

    @Test
    void connect_nobodyListens_refused() {
        assertThatThrownBy(transport::connect)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("nobody listens on mem");
    }

    @Test
    void connect_several_goesRoundTheLoopsWithAddressesOfTheirOwn() {
        broker.on(transport);
        transport.connect();
        transport.connect();
        transport.connect();

        assertThat(broker.connections)
                .extracting(each -> each.channel.eventLoop().toString())
                .containsExactly("mem-0", "mem-1", "mem-0");
        assertThat(broker.connections)
                .extracting(each -> each.channel.remoteAddress())
                .doesNotHaveDuplicates();
        assertThat(transport.openConnections()).isEqualTo(3);
    }

    @Test
    void connect_withOptions_brokerSeesThem() {
        broker.on(transport);
        InetSocketAddress address = new InetSocketAddress("192.0.2.1", 7);

        LoopbackConnection connection =
                transport.connect(options -> options.withEventLoop(1).withRemoteAddress(address));
        transport.connectOn(1);

        assertThat(connection.eventLoop()).isSameAs(transport.eventLoop(1));
        assertThat(broker.only().channel.remoteAddress()).isEqualTo(address);
        assertThat(broker.only().channel.peerCertificates()).isEmpty();
        assertThat(broker.connections.get(1).channel.eventLoop()).isSameAs(transport.eventLoop(1));
    }

    @Test
    void connect_unknownLoop_refused() {
        broker.on(transport);

        assertThatThrownBy(() -> transport.connectOn(2)).hasMessage("eventLoop: 2 (expected: 0 to 1)");
        assertThat(transport.openConnections()).isZero();
    }

    @Test
    void stopAccepting_oldConnectionsLiveOn() {
        Listening listening = broker.listen(transport);
        LoopbackConnection connection = transport.connect();

        assertThat(listening.stopAccepting()).isCompleted();

        connection.send(new byte[] {'x'});
        assertThat(broker.only().log).containsExactly("accept", "bytes x");
        assertThatThrownBy(transport::connect).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void close_endsConnectionsAndLoopsAtOnce() {
        Listening listening = broker.listen(transport);
        LoopbackConnection connection = transport.connect();

        CompletableFuture<Void> closed = listening.close().toCompletableFuture();

        assertThat(closed).isCompleted();
        assertThat(broker.only().log).containsExactly("accept", "closed");
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.isEnded()).isTrue();
        assertThat(transport.openConnections()).isZero();
        assertThatThrownBy(() -> transport.eventLoop(0).execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(listening.close()).isCompleted();
    }

    @Test
    void close_byATaskOfALoop_completesWhenTheLoopsAreIdle() {
        Listening listening = broker.listen(transport);
        transport.connect();
        CompletableFuture<Void> closed = new CompletableFuture<>();

        transport.eventLoop(1).execute(() -> {
            listening.close().thenRun(() -> closed.complete(null));
            assertThat(closed).isNotDone();
        });

        assertThat(closed).isCompleted();
        assertThat(broker.only().log).containsExactly("accept", "closed");
    }

    @Test
    void close_steppingManually_waitsForTheTest() {
        Listening listening = broker.listen(transport);
        clock.stepManually();

        CompletableFuture<Void> closed = listening.close().toCompletableFuture();
        assertThat(closed).isNotDone();

        clock.runUntilIdle();
        assertThat(closed).isCompleted();
    }

    @Test
    void acceptor_throws_failsTheActionOfTheTest() {
        transport.listen(channel -> {
            throw new IllegalStateException("boom");
        });

        assertThatThrownBy(transport::connect)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("boom");
        assertThat(transport.openConnections()).isZero();
    }

    @Test
    void counters_addUpAllConnections() {
        TinyBroker.echoing().on(transport);
        LoopbackConnection first = transport.connect();
        LoopbackConnection second = transport.connect();

        first.send(new byte[3]);
        LoopbackCounters before = transport.counters();
        first.closeByPeer();
        second.send(new byte[4]);

        assertThat(transport.counters()).isEqualTo(new LoopbackCounters(2, 7, 2, 2, 7, 2, 0, 0, 0));
        assertThat(transport.counters().minus(before)).isEqualTo(new LoopbackCounters(1, 4, 1, 1, 4, 1, 0, 0, 0));
    }

    @Test
    void twoTransports_onOneClock_runTogether() {
        LoopbackTransport other = LoopbackTransport.create(clock);
        TinyBroker behind = TinyBroker.echoing().on(other);
        LoopbackConnection bridge = other.connect();
        TinyBroker.doing((connection, bytes) -> bridge.send(bytes)).on(transport);

        transport.connect().send(new byte[] {'x'});

        assertThat(behind.only().log).contains("bytes x");
        assertThat(bridge.awaitBytes()).containsExactly('x');
    }

    @Test
    void sameSteps_again_giveTheSameOrder() {
        assertThat(orderOfRun()).isEqualTo(orderOfRun());
    }

    private static List<String> orderOfRun() {
        FakeClock clock = FakeClock.create();
        LoopbackTransport transport = LoopbackTransport.create(clock, 3);
        List<String> order = new ArrayList<>();
        TinyBroker.doing((connection, bytes) -> {
                    order.add(connection.channel.eventLoop() + " " + bytes[0]);
                    transport.eventLoop(bytes[0] % 3).execute(() -> order.add("task " + bytes[0]));
                })
                .on(transport);
        List<LoopbackConnection> clients =
                Stream.generate(transport::connect).limit(10).toList();
        clock.stepManually();
        for (byte i = 0; i < 10; i++) {
            clients.get(i).send(new byte[] {i});
        }
        clock.runUntilIdle();
        return order;
    }
}
