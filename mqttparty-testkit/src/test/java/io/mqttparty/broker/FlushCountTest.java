package io.mqttparty.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Limits;
import io.mqttparty.testkit.FakeClock;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.LoopbackCounters;
import io.mqttparty.testkit.LoopbackTransport;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * One buffer, one write, one flush per connection and turn of its event loop, acknowledgements included: what a message costs is above all
 * system calls, so this is counted and not timed.
 */
class FlushCountTest {
    private static final int MESSAGES = 100;

    @AutoClose
    private final TestBroker broker =
            TestBroker.start(2, b -> b.allowAnonymous().limits(Limits.DEFAULTS.withReceiveMaximum(MESSAGES)));

    private final LoopbackTransport transport = broker.transport();
    private final FakeClock clock = broker.clock();

    @Test
    void hundredPublishes_qos0InOneRead_oneWriteAndOneFlush() {
        LoopbackConnection publisher = publisher(0);
        LoopbackConnection subscriber = subscriber(0, "s", 0);
        LoopbackCounters before = subscriber.counters();
        LoopbackCounters publisherBefore = publisher.counters();

        publisher.send(publishes(0, "x"));

        assertOneBatch(subscriber.counters().minus(before), MESSAGES);
        LoopbackCounters spent = publisher.counters().minus(publisherBefore);
        assertThat(spent.reads()).isEqualTo(1);
        assertThat(spent.writes() + spent.flushes() + spent.emptyFlushes()).isZero();
    }

    @Test
    void hundredPublishes_qos1InOneRead_oneWriteAndOneFlushForBothSides() {
        assertOneBatchOnBothSides(publisher(0), subscriber(0, "s", 1));
    }

    @Test
    void hundredPublishes_persistentSessions_oneWriteAndOneFlushForBothSides() {
        LoopbackConnection publisher = publisher(0);
        LoopbackConnection subscriber = transport.connectOn(0);
        TestClient.connect(subscriber, c -> c.clientId("durable").cleanSession(false))
                .expectConnack(0, false)
                .subscribed("t", 1);

        assertOneBatchOnBothSides(publisher, subscriber);
    }

    @Test
    void hundredExchanges_qos2_oneWriteAndOneFlushForEachStep() {
        LoopbackConnection publisher = publisher(0);
        LoopbackConnection subscriber = subscriber(0, "s", 2);
        LoopbackCounters before = subscriber.counters();
        LoopbackCounters publisherBefore = publisher.counters();

        publisher.send(publishes(2, "x"));
        publisher.send(each(Packets::pubrel));
        subscriber.send(each(Packets::pubrec));
        subscriber.send(each(Packets::pubcomp));

        LoopbackCounters delivered = subscriber.counters().minus(before);
        assertThat(delivered.frames()).as("PUBLISH and PUBREL").isEqualTo(2 * MESSAGES);
        assertThat(delivered.writes()).isEqualTo(2);
        assertThat(delivered.flushes()).isEqualTo(2);
        LoopbackCounters answered = publisher.counters().minus(publisherBefore);
        assertThat(answered.frames()).as("PUBREC and PUBCOMP").isEqualTo(2 * MESSAGES);
        assertThat(answered.writes()).isEqualTo(2);
        assertThat(answered.flushes()).isEqualTo(2);
        assertThat(delivered.emptyFlushes() + answered.emptyFlushes()).isZero();
    }

    @Test
    void fanOut_hundredSubscribersOfOneLoop_oneWriteAndOneFlushEach() {
        LoopbackConnection publisher = publisher(0);
        List<LoopbackConnection> subscribers = subscribers(0);
        List<LoopbackCounters> before = counters(subscribers);

        publisher.send(publishes(0, "x"));

        for (int i = 0; i < MESSAGES; i++) {
            assertOneBatch(subscribers.get(i).counters().minus(before.get(i)), MESSAGES);
        }
    }

    @Test
    void fanOut_subscribersOfAnotherLoop_oneTaskAndOneFlushEach() {
        LoopbackConnection publisher = publisher(0);
        List<LoopbackConnection> subscribers = subscribers(1);
        List<LoopbackCounters> before = counters(subscribers);
        clock.stepManually();

        publisher.send(publishes(1, "x"));
        transport.eventLoop(0).runOneTurn();
        assertThat(transport.eventLoop(1).waitingTasks()).isEqualTo(1);
        transport.eventLoop(1).runOneTurn();

        for (int i = 0; i < MESSAGES; i++) {
            assertOneBatch(subscribers.get(i).counters().minus(before.get(i)), MESSAGES);
        }
        clock.stepAutomatically();
    }

    @Test
    void fanIn_hundredPublishersInOneTurn_oneWriteAndOneFlush() {
        LoopbackConnection subscriber = subscriber(0, "s", 1);
        List<LoopbackConnection> publishers =
                IntStream.range(0, MESSAGES).mapToObj(i -> connect(0, "p" + i)).toList();
        LoopbackCounters before = subscriber.counters();
        clock.stepManually();

        publishers.forEach(each -> each.send(Packets.publish("t", "x", 1, false, 1, false)));
        transport.eventLoop(0).runOneTurn();

        assertOneBatch(subscriber.counters().minus(before), MESSAGES);
        clock.stepAutomatically();
    }

    @Test
    void moreThanOneBuffer_oneTurn_severalWritesAndOneFlush() {
        LoopbackConnection publisher = publisher(0);
        LoopbackConnection subscriber = subscriber(0, "s", 0);
        LoopbackCounters before = subscriber.counters();

        publisher.send(publishes(0, "x".repeat(1024)));

        LoopbackCounters spent = subscriber.counters().minus(before);
        assertThat(spent.bytesWritten()).isGreaterThan(64 * 1024).isLessThan(128 * 1024);
        assertThat(spent.writes()).as("buffers of 64 KiB").isEqualTo(2);
        assertThat(spent.flushes()).isEqualTo(1);
    }

    private static void assertOneBatchOnBothSides(LoopbackConnection publisher, LoopbackConnection subscriber) {
        LoopbackCounters delivered = subscriber.counters();
        LoopbackCounters answered = publisher.counters();

        publisher.send(publishes(1, "x"));

        assertOneBatch(subscriber.counters().minus(delivered), MESSAGES);
        assertOneBatch(publisher.counters().minus(answered), MESSAGES);
    }

    private static void assertOneBatch(LoopbackCounters spent, int frames) {
        assertThat(spent.frames()).as("packets").isEqualTo(frames);
        assertThat(spent.writes()).as("writes").isEqualTo(1);
        assertThat(spent.flushes()).as("flushes").isEqualTo(1);
        assertThat(spent.emptyFlushes()).as("flushes of nothing").isZero();
    }

    private LoopbackConnection publisher(int loop) {
        return connect(loop, "publisher");
    }

    private List<LoopbackConnection> subscribers(int loop) {
        List<LoopbackConnection> subscribers = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            subscribers.add(subscriber(loop, "s" + i, 1));
        }
        return subscribers;
    }

    private LoopbackConnection subscriber(int loop, String clientId, int qos) {
        LoopbackConnection connection = transport.connectOn(loop);
        TestClient.connected(connection, clientId).subscribed("t", qos);
        return connection;
    }

    private LoopbackConnection connect(int loop, String clientId) {
        LoopbackConnection connection = transport.connectOn(loop);
        TestClient.connected(connection, clientId);
        return connection;
    }

    private static List<LoopbackCounters> counters(List<LoopbackConnection> connections) {
        return connections.stream().map(LoopbackConnection::counters).toList();
    }

    /** PUBLISH packets with the packet ids from 1. */
    private static byte[] publishes(int qos, String payload) {
        return each(id -> Packets.publish("t", payload, qos, false, id, false));
    }

    private static byte[] each(IntFunction<byte[]> packet) {
        return Packets.concat(
                IntStream.rangeClosed(1, MESSAGES).mapToObj(packet).toArray(byte[][]::new));
    }
}
