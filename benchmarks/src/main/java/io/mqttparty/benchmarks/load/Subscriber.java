package io.mqttparty.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** A client that subscribes to one filter, acknowledges, and checks that each publisher's messages come once and in order. */
final class Subscriber extends Peer {
    private final List<Publisher> publishers;
    private final Latencies latencies;
    private final int[] expected;
    private long received;
    private long repeated;

    Subscriber(
            Reactor reactor,
            InetSocketAddress broker,
            Scenario scenario,
            int index,
            List<Publisher> publishers,
            Latencies latencies)
            throws IOException {
        super(reactor, broker, Frames.connect("subscriber-" + index, scenario.cleanSession()));
        this.publishers = publishers;
        this.latencies = latencies;
        this.expected = new int[scenario.publishers()];
        send(Frames.subscribe(scenario.filter(index), scenario.qos()));
    }

    long received() {
        return received;
    }

    /** Messages that came again, or after a later one. */
    long repeated() {
        return repeated;
    }

    @Override
    void onPacket(int firstByte, ByteBuffer in, int from, int to) {
        int type = firstByte >> 4 & 0xF;
        if (type == Frames.PUBREL) {
            sendAcknowledgement(0x70, in.getShort(from) & 0xFFFF);
            return;
        }
        if (type != Frames.PUBLISH) {
            throw new IllegalStateException("packet: " + firstByte + " (expected: PUBLISH)");
        }
        int qos = firstByte >> 1 & 3;
        int payload = from + 2 + (in.getShort(from) & 0xFFFF);
        if (qos > 0) {
            sendAcknowledgement(qos == 1 ? 0x40 : 0x50, in.getShort(payload) & 0xFFFF);
            payload += 2;
        }
        onMessage(in.getInt(payload), in.getInt(payload + 4), in.getLong(payload + 8));
    }

    private void onMessage(int publisher, int sequence, long sentNanos) {
        received++;
        if (sequence < expected[publisher]) {
            repeated++;
            return;
        }
        expected[publisher] = sequence + 1;
        publishers.get(publisher).onDelivered();
        latencies.add(sentNanos);
    }
}
