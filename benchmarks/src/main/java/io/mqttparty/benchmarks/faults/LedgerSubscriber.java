package io.mqttparty.benchmarks.faults;

import io.mqttparty.testkit.Packets;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/** A persistent session that takes what all publishers send, acknowledges it, and goes on at another node whenever its connection ends. */
final class LedgerSubscriber implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final String topics;
    private final String name;
    private final int qos;
    private final IntSupplier ports;
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private final Map<String, Received> received = new HashMap<>();
    /** Packet ids at QoS 2 whose PUBREL has not come: what comes again under them is no new message. */
    private final Set<Integer> unreleased = new HashSet<>();

    private final Thread thread;
    private volatile boolean running = true;
    private final AtomicLong connects = new AtomicLong();
    private final AtomicLong deliveries = new AtomicLong();

    LedgerSubscriber(String topics, String name, int qos, IntSupplier ports) {
        this.topics = topics;
        this.name = name;
        this.qos = qos;
        this.ports = ports;
        this.thread = new Thread(this::run, "subscriber-" + name);
        thread.start();
    }

    String name() {
        return name;
    }

    int qos() {
        return qos;
    }

    long connects() {
        return connects.get();
    }

    long deliveries() {
        return deliveries.get();
    }

    void awaitSubscribed() throws InterruptedException {
        if (!subscribed.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("subscriber " + name + ": no SUBACK in 30 s");
        }
    }

    /** What came from one publisher. */
    Received from(String publisher) {
        synchronized (received) {
            return received.computeIfAbsent(publisher, p -> new Received());
        }
    }

    private void run() {
        while (running) {
            try (Wire wire = Wire.connect(ports.getAsInt(), name, false, SILENCE)) {
                connects.incrementAndGet();
                if (subscribed.getCount() > 0) {
                    wire.send(Packets.subscribe(1, topics + "/+", qos));
                }
                while (running) {
                    take(wire);
                }
            } catch (IOException e) {
                pauseBriefly();
            }
        }
    }

    private void take(Wire wire) throws IOException {
        Wire.Packet packet;
        try {
            packet = wire.next();
        } catch (SocketTimeoutException e) {
            wire.send(Packets.pingreq()); // a dead peer does not answer, and the next silence is the end
            packet = wire.next();
        }
        switch (packet.type()) {
            case Wire.PUBLISH -> onPublish(wire, packet);
            case Wire.PUBREL -> {
                unreleased.remove(packet.packetId());
                wire.send(Packets.pubcomp(packet.packetId()));
            }
            case Wire.SUBACK -> subscribed.countDown();
            default -> {} // PINGRESP
        }
    }

    private void onPublish(Wire wire, Wire.Packet packet) throws IOException {
        Wire.Publish publish = packet.publish();
        boolean isNew = packet.qos() < 2 || unreleased.add(publish.packetId());
        if (isNew) {
            deliveries.incrementAndGet();
            from(publish.topic().substring(topics.length() + 1)).add(Long.parseLong(publish.payload()));
        }
        if (packet.qos() == 1) {
            wire.send(Packets.puback(publish.packetId()));
        } else if (packet.qos() == 2) {
            wire.send(Packets.pubrec(publish.packetId()));
        }
    }

    private static void pauseBriefly() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        running = false;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The messages of one publisher as they came. */
    static final class Received {
        private final Set<Long> seen = new HashSet<>();
        private final List<Long> outOfOrder = new ArrayList<>();
        private long highest;
        private long duplicates;

        private synchronized void add(long number) {
            if (!seen.add(number)) {
                duplicates++;
            } else if (number < highest) {
                outOfOrder.add(number);
            }
            highest = Math.max(highest, number);
        }

        /** The numbers up to this one that never came. */
        synchronized List<Long> missing(long upTo) {
            List<Long> missing = new ArrayList<>();
            for (long number = 1; number <= upTo; number++) {
                if (!seen.contains(number)) {
                    missing.add(number);
                }
            }
            return missing;
        }

        /** How many came more than once. */
        synchronized long duplicates() {
            return duplicates;
        }

        /** First deliveries that came after a higher number. */
        synchronized List<Long> outOfOrder() {
            return List.copyOf(outOfOrder);
        }
    }
}
