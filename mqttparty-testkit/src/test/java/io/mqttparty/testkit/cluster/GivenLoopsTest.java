package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MemoryBackend;
import io.mqttparty.MqttParty;
import io.mqttparty.model.Limits;
import io.mqttparty.spi.Backend;
import io.mqttparty.spi.transport.EventLoop;
import io.mqttparty.spi.transport.Listening;
import io.mqttparty.spi.transport.Transport;
import io.mqttparty.testkit.BrokerEvent.ConnectionLost;
import io.mqttparty.testkit.FakeClock;
import io.mqttparty.testkit.LoopbackTransport;
import io.mqttparty.testkit.RecordingListener;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A broker that has ended does nothing any more on event loops that go on. */
class GivenLoopsTest {
    private final FakeClock clock = FakeClock.create();
    private final Backend shared = MemoryBackend.create(Limits.DEFAULTS, clock);

    /** Its loops outlive it, as those that an application gives to several brokers. */
    private record OnGivenLoops(LoopbackTransport loops) implements Transport {
        @Override
        public String name() {
            return loops.name();
        }

        @Override
        public CompletionStage<Listening> listen(Acceptor acceptor) {
            return loops.listen(acceptor).thenApply(StaysOpen::new);
        }
    }

    private record StaysOpen(Listening open) implements Listening {
        @Override
        public int port() {
            return open.port();
        }

        @Override
        public List<EventLoop> eventLoops() {
            return open.eventLoops();
        }

        @Override
        public CompletionStage<Void> stopAccepting() {
            return open.stopAccepting();
        }

        @Override
        public CompletionStage<Void> close() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private MqttParty start(Transport transport, Backend backend, RecordingListener events) {
        MqttParty broker = MqttParty.builder()
                .listener(transport)
                .backend(backend)
                .brokerListener(events)
                .allowAnonymous()
                .clock(clock)
                .build();
        assertThat(broker.start().toCompletableFuture()).isCompleted();
        return broker;
    }

    @Test
    void stop_whileListenersAreToldOfADeadNode_theyHearNoMore() {
        RecordingListener events = new RecordingListener();
        MqttParty broker = start(new OnGivenLoops(LoopbackTransport.create(clock)), shared, events);
        ControlledBackend backend = new ControlledBackend(shared, clock);
        LoopbackTransport dead = LoopbackTransport.create(clock);
        start(dead, backend, new RecordingListener());
        IntStream.range(0, 250).forEach(i -> TestClient.connected(dead.connect(), "c" + i));
        backend.cutOff();
        dead.crash();
        backend.bus().reap();
        clock.advance(Duration.ofMillis(50));
        assertThat(events.events(ConnectionLost.class)).hasSize(101);

        assertThat(broker.stop().toCompletableFuture()).isCompleted();
        clock.advance(Duration.ofMinutes(1));

        assertThat(events.events(ConnectionLost.class)).hasSize(101);
        clock.assertNoViolations();
    }
}
