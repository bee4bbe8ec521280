package io.mqttparty.benchmarks.faults;

import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.testkit.Packets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A node dies, and all its clients, with persistent sessions, are back at once at the two that are left, while each gets a message. */
final class ReconnectStorm {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int THREADS = 64;
    private static final String TOPIC = "storm/";

    private ReconnectStorm() {}

    /**
     * What became of them.
     *
     * @param withSession how many found their session
     * @param served how many got their message
     * @param time from the death until the last of them had it
     */
    record Result(int withSession, int served, Duration time) {
        @Override
        public String toString() {
            return withSession + " with their session, " + served + " with their message, the last after "
                    + time.toMillis() + " ms";
        }
    }

    /** What one client found when it was back. */
    private record Back(boolean hasSession, boolean isServed) {}

    static Result run(int clients) throws IOException, InterruptedException {
        ConcurrentLinkedQueue<Wire> wires = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (RedisServer redis = RedisServer.start();
                Node one = Node.start("one", redis.uri());
                Node two = Node.start("two", redis.uri());
                Node victim = Node.start("victim", redis.uri())) {
            try {
                await(threads, clients, i -> wires.add(subscribed(victim.port(), "client-" + i)));
                victim.kill();
                long begin = System.nanoTime();
                Future<?> published = threads.submit(() -> {
                    publish(one.port(), clients);
                    return null;
                });
                List<Back> back =
                        await(threads, clients, i -> back(i % 2 == 0 ? one.port() : two.port(), "client-" + i, wires));
                published.get();
                return new Result(
                        (int) back.stream().filter(Back::hasSession).count(),
                        (int) back.stream().filter(Back::isServed).count(),
                        Duration.ofNanos(System.nanoTime() - begin));
            } catch (ExecutionException e) {
                throw new IOException(e);
            } finally {
                for (Wire wire : wires) {
                    wire.close();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private interface Step<T> {
        T of(int client) throws IOException;
    }

    private static <T> List<T> await(ExecutorService threads, int clients, Step<T> step)
            throws InterruptedException, ExecutionException {
        List<Future<T>> all = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int client = i;
            all.add(threads.submit(() -> step.of(client)));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> each : all) {
            results.add(each.get());
        }
        return results;
    }

    private static Wire subscribed(int port, String id) throws IOException {
        Wire wire = Wire.connect(port, id, false, PATIENCE);
        wire.send(Packets.subscribe(1, TOPIC + id, 1));
        wire.next();
        return wire;
    }

    private static void publish(int port, int clients) throws IOException {
        try (Wire publisher = Wire.connect(port, "publisher", true, PATIENCE)) {
            for (int i = 0; i < clients; i++) {
                publisher.send(Packets.publish(TOPIC + "client-" + i, "m" + i, 1, false, i + 1, false));
                publisher.next(); // PUBACK: from now on it must not be lost
            }
        }
    }

    /** Connects, again and again while it is refused, and waits for the message. */
    private static Back back(int port, String id, ConcurrentLinkedQueue<Wire> wires) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                Wire wire = Wire.connect(port, id, false, PATIENCE);
                wires.add(wire);
                Wire.Packet packet = wire.next();
                boolean served = packet.type() == Wire.PUBLISH
                        && packet.publish().topic().equals(TOPIC + id);
                if (served) {
                    wire.send(Packets.puback(packet.publish().packetId()));
                }
                return new Back(wire.isSessionPresent(), served);
            } catch (IOException e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
