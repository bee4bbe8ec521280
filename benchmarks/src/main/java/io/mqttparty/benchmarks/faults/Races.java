package io.mqttparty.benchmarks.faults;

import io.mqttparty.redis.Durability;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.testkit.Packets;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** What clients do on two nodes at once, again and again. Each answers how often it went wrong; nothing may. */
final class Races implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RedisServer redis = RedisServer.start();
    private final LocalNode a = LocalNode.start("a", redis.uri(), Durability.MEMORY);
    private final LocalNode b = LocalNode.start("b", redis.uri(), Durability.MEMORY);

    private LocalNode node(int round) {
        return round % 2 == 0 ? a : b;
    }

    /** SUBACK at one node, at once a publish at the other: how many messages did not come. */
    int subscribeThenPublish(int rounds) throws IOException {
        int missed = 0;
        try (Wire publisherA = Wire.connect(a.port(), "race-pub-a", true, PATIENCE);
                Wire publisherB = Wire.connect(b.port(), "race-pub-b", true, PATIENCE)) {
            for (int i = 0; i < rounds; i++) {
                boolean persistent = i % 4 < 2;
                try (Wire subscriber =
                        Wire.connect(node(i).port(), "race-sub-" + i, !persistent, Duration.ofSeconds(5))) {
                    String topic = "race/" + i;
                    subscriber.send(Packets.subscribe(1, i % 8 < 4 ? topic : "race/+", 1));
                    expect(subscriber, Wire.SUBACK);
                    Wire publisher = node(i) == a ? publisherB : publisherA;
                    publisher.send(Packets.publish(topic, "now", 1, false, 1, false));
                    expect(publisher, Wire.PUBACK);
                    try {
                        expect(subscriber, Wire.PUBLISH);
                    } catch (SocketTimeoutException e) {
                        missed++;
                    }
                    subscriber.send(Packets.disconnect());
                }
            }
        }
        return missed;
    }

    /**
     * One client id connects to both nodes in turn, while somebody publishes to it.
     *
     * @return how many acknowledged messages never came, and one more if afterwards not exactly one connection is left
     */
    int pingPong(int rounds) throws IOException, InterruptedException {
        Set<Long> received = ConcurrentHashMap.newKeySet();
        AtomicLong sent = new AtomicLong();
        try (Wire first = persistent(a, "pingpong")) {
            first.send(Packets.subscribe(1, "pingpong/#", 1));
            expect(first, Wire.SUBACK);
        }
        Thread publisher = new Thread(() -> publish(sent), "pingpong-publisher");
        publisher.start();
        Wire current = persistent(b, "pingpong");
        for (int i = 0; i < rounds; i++) {
            takeOne(current, received);
            Wire next = persistent(node(i), "pingpong");
            drainUntilClosed(current, received);
            current = next;
        }
        publisher.interrupt();
        publisher.join();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (missing(received, sent.get()) > 0 && System.nanoTime() < end) {
            takeOne(current, received);
        }
        boolean settled = isOneOnline(end);
        current.close();
        return missing(received, sent.get()) + (settled ? 0 : 1);
    }

    private static int missing(Set<Long> received, long upTo) {
        return (int) LongStream.rangeClosed(1, upTo)
                .filter(number -> !received.contains(number))
                .count();
    }

    /** Whether both nodes together come down to one connection. */
    private boolean isOneOnline(long end) throws InterruptedException {
        while (a.broker().connections() + b.broker().connections() != 1) {
            if (System.nanoTime() > end) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return true;
    }

    /** Publishes one message after the other and counts those that were acknowledged. */
    private void publish(AtomicLong acknowledged) {
        try (Wire wire = Wire.connect(a.port(), "pingpong-pub", true, PATIENCE)) {
            while (!Thread.currentThread().isInterrupted()) {
                long number = acknowledged.get() + 1;
                wire.send(Packets.publish("pingpong/x", Long.toString(number), 1, false, 1, false));
                expect(wire, Wire.PUBACK);
                acknowledged.set(number);
                TimeUnit.MILLISECONDS.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new IllegalStateException("the publisher lost its connection", e);
        }
    }

    private static void takeOne(Wire wire, Set<Long> received) throws IOException {
        take(wire, wire.next(), received);
    }

    private static void take(Wire wire, Wire.Packet packet, Set<Long> received) throws IOException {
        if (packet.type() == Wire.PUBLISH) {
            Wire.Publish publish = packet.publish();
            received.add(Long.parseLong(publish.payload()));
            wire.send(Packets.puback(publish.packetId()));
        }
    }

    /** The older connection has to end by itself. */
    private static void drainUntilClosed(Wire wire, Set<Long> received) throws IOException {
        try {
            while (true) {
                Wire.Packet packet = wire.next();
                try {
                    take(wire, packet, received);
                } catch (IOException e) {
                    received.add(Long.parseLong(packet.publish().payload())); // it came; only its PUBACK cannot leave
                }
            }
        } catch (SocketTimeoutException e) {
            throw new IOException("the older connection lives on", e);
        } catch (IOException e) {
            wire.close();
        }
    }

    /** DISCONNECT at one node, at once CONNECT at the other, with wills: how many wills were published or sessions lost. */
    int disconnectThenConnect(int rounds) throws IOException {
        int wrong = 0;
        try (Wire watcher = Wire.connect(a.port(), "will-watcher", true, Duration.ofSeconds(2))) {
            watcher.send(Packets.subscribe(1, "will/#", 1));
            expect(watcher, Wire.SUBACK);
            try (Wire first = withWill(a)) {
                first.send(Packets.disconnect());
            }
            for (int i = 1; i <= rounds; i++) {
                try (Wire wire = withWill(node(i))) {
                    if (!wire.isSessionPresent()) {
                        wrong++;
                    }
                    wire.send(Packets.disconnect());
                }
            }
            while (true) {
                expect(watcher, Wire.PUBLISH);
                wrong++;
            }
        } catch (SocketTimeoutException e) {
            return wrong; // nobody published a will for two seconds
        }
    }

    private static Wire withWill(LocalNode node) throws IOException {
        return Wire.connect(
                node.port(),
                PATIENCE,
                spec -> spec.clientId("mover").cleanSession(false).will("will/mover", "gone", 1, false));
    }

    private static Wire persistent(LocalNode node, String clientId) throws IOException {
        return Wire.connect(node.port(), clientId, false, PATIENCE);
    }

    private static Wire.Packet expect(Wire wire, int type) throws IOException {
        while (true) {
            Wire.Packet packet = wire.next();
            if (packet.type() == type) {
                return packet;
            }
        }
    }

    @Override
    public void close() {
        a.close();
        b.close();
        redis.close();
    }
}
