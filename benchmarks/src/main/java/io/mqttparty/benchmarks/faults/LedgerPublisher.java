package io.mqttparty.benchmarks.faults;

import io.mqttparty.testkit.Packets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/**
 * Publishes 1, 2, 3, … to a topic of its own, remembers which were acknowledged, and sends again what was not whenever its connection ends, in
 * order and with DUP, as a persistent session at another node.
 */
final class LedgerPublisher implements AutoCloseable {
    private static final int WINDOW = 20;
    private static final Duration SILENCE = Duration.ofSeconds(8);

    private final String name;
    private final String topic;
    private final int qos;
    private final IntSupplier ports;
    private final Semaphore permits;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong connects = new AtomicLong();
    private final Thread thread;
    /** Open exchanges: number to whether PUBREC was seen. */
    private final NavigableMap<Long, Boolean> open = new TreeMap<>();

    private volatile int port;
    private volatile boolean running = true;
    private volatile boolean publishing = true;
    private volatile long longestGapNanos;
    private long lastAck = System.nanoTime();
    private long next = 1;

    /**
     * Starts publishing.
     *
     * @param topics the level above its topic, which is its name
     * @param ports where the next connection goes
     * @param permits one for each message, so that the load is bounded
     */
    LedgerPublisher(String topics, String name, int qos, IntSupplier ports, Semaphore permits) {
        this.name = name;
        this.topic = topics + "/" + name;
        this.qos = qos;
        this.ports = ports;
        this.permits = permits;
        this.thread = new Thread(this::run, "publisher-" + name);
        thread.start();
    }

    String name() {
        return name;
    }

    int qos() {
        return qos;
    }

    /** All up to this number are acknowledged. */
    long acknowledgedUpTo() {
        return acknowledged.get();
    }

    /** Where it is connected, or was last. */
    int port() {
        return port;
    }

    /** How often it has connected. */
    long connects() {
        return connects.get();
    }

    /** The longest time without an acknowledgement. */
    Duration longestGap() {
        return Duration.ofNanos(longestGapNanos);
    }

    /** Publishes nothing new; what is open goes on until it is acknowledged. */
    void stopPublishing() {
        publishing = false;
    }

    /** Whether everything that was published is acknowledged. */
    boolean isSettled() {
        synchronized (open) {
            return !publishing && open.isEmpty();
        }
    }

    private void run() {
        while (running) {
            int to = ports.getAsInt();
            try (Wire wire = Wire.connect(to, name, false, SILENCE)) {
                port = to;
                connects.incrementAndGet();
                resend(wire);
                exchange(wire);
            } catch (IOException e) {
                pauseBriefly();
            }
        }
    }

    private static void pauseBriefly() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void resend(Wire wire) throws IOException {
        List<byte[]> again = new ArrayList<>();
        synchronized (open) {
            open.forEach((number, received) ->
                    again.add(received ? Packets.pubrel(packetId(number)) : publish(number, true)));
        }
        for (byte[] packet : again) {
            wire.send(packet);
        }
    }

    private byte[] publish(long number, boolean dup) {
        return Packets.publish(topic, Long.toString(number), qos, false, packetId(number), dup);
    }

    private static int packetId(long number) {
        return (int) ((number - 1) % 65_535) + 1;
    }

    private void exchange(Wire wire) throws IOException {
        while (running) {
            fill(wire);
            if (isIdle()) {
                if (!publishing) {
                    pauseBriefly();
                }
                continue;
            }
            Wire.Packet packet = wire.next();
            switch (packet.type()) {
                case Wire.PUBACK, Wire.PUBCOMP -> finished(packet.packetId());
                case Wire.PUBREC -> {
                    received(packet.packetId());
                    wire.send(Packets.pubrel(packet.packetId()));
                }
                default -> throw new IOException("unexpected packet type " + packet.type());
            }
        }
    }

    private boolean isIdle() {
        synchronized (open) {
            return open.isEmpty();
        }
    }

    private void fill(Wire wire) throws IOException {
        while (publishing && size() < WINDOW && acquire()) {
            long number = next++;
            synchronized (open) {
                open.put(number, false);
            }
            wire.send(publish(number, false));
        }
    }

    private int size() {
        synchronized (open) {
            return open.size();
        }
    }

    private boolean acquire() {
        if (permits.tryAcquire()) {
            return true;
        }
        if (!isIdle()) {
            return false;
        }
        try {
            return permits.tryAcquire(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void received(int packetId) {
        synchronized (open) {
            open.replaceAll((number, seen) -> seen || packetId(number) == packetId);
        }
    }

    private void finished(int packetId) {
        long now = System.nanoTime();
        longestGapNanos = Math.max(longestGapNanos, now - lastAck);
        lastAck = now;
        synchronized (open) {
            open.keySet().removeIf(number -> packetId(number) == packetId);
            acknowledged.set(open.isEmpty() ? next - 1 : open.firstKey() - 1);
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
}
