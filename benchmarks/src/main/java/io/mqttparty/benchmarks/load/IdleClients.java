package io.mqttparty.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Many clients that hold one subscription each, to a topic of their own, and do nothing. They come from several loopback addresses, since each
 * address has a port for some 28,000 connections to one server.
 */
final class IdleClients implements AutoCloseable {
    private static final int PER_ADDRESS = 5_000;
    private static final int AT_ONCE = 100;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final Reactor reactor = new Reactor();
    private final List<IdleClient> clients = new ArrayList<>();

    /** Connects and subscribes all of them. */
    IdleClients(InetSocketAddress broker, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(new IdleClient(source(i), broker, i));
            if (clients.size() % AT_ONCE == 0 || clients.size() == count) {
                List<IdleClient> latest = clients.subList(i - i % AT_ONCE, i + 1);
                await(() -> latest.stream().allMatch(Peer::isSubscribed));
            }
        }
    }

    private static InetAddress source(int client) throws IOException {
        return InetAddress.getByName("127.0.0." + (1 + client / PER_ADDRESS));
    }

    int size() {
        return clients.size();
    }

    /** Lets so many clients, evenly spread, get a message at QoS 1 from another one; returns how many got it and how many were acknowledged. */
    Sample sample(int count) throws IOException {
        int step = clients.size() / count;
        List<IdleClient> receivers = new ArrayList<>();
        List<IdleClient> senders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            IdleClient receiver = clients.get(i * step);
            IdleClient sender = clients.get((i * step + 1) % clients.size());
            sender.publishTo(receiver);
            receivers.add(receiver);
            senders.add(sender);
        }
        await(() -> receivers.stream().allMatch(each -> each.received == 1)
                && senders.stream().allMatch(each -> each.acknowledged == 1));
        return new Sample(
                receivers.stream().mapToInt(each -> each.received).sum(),
                senders.stream().mapToInt(each -> each.acknowledged).sum());
    }

    private void await(BooleanSupplier done) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        reactor.flush();
        while (!done.getAsBoolean() && System.nanoTime() < end) {
            reactor.read(10);
            reactor.flush();
        }
    }

    long subscribed() {
        return clients.stream().filter(Peer::isSubscribed).count();
    }

    @Override
    public void close() throws IOException {
        reactor.close();
    }

    /**
     * What came of a sample.
     *
     * @param received messages
     * @param acknowledged publishes
     */
    record Sample(int received, int acknowledged) {}

    private final class IdleClient extends Peer {
        private final String topic;
        private int received;
        private int acknowledged;

        IdleClient(InetAddress source, InetSocketAddress broker, int index) throws IOException {
            super(reactor, source, broker, "idle-" + index);
            this.topic = "idle/" + index;
            send(Frames.subscribe(topic, 1));
        }

        void publishTo(IdleClient other) {
            byte[] frame = Frames.publish(other.topic, 1, 0);
            frame[frame.length - 1] = 1; // the packet id
            send(frame);
        }

        @Override
        void onPacket(int firstByte, ByteBuffer in, int from, int to) {
            if (firstByte >> 4 == Frames.PUBACK) {
                acknowledged++;
                return;
            }
            received++;
            sendAcknowledgement(0x40, in.getShort(to - 2) & 0xFFFF);
        }
    }
}
