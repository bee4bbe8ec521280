package io.mqttparty.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** A client that publishes to one topic. The payload begins with its number, the number of the message, and the time of sending. */
final class Publisher extends Peer {
    private static final int DUE = 4_096;

    private final int index;
    private final int qos;
    /** How many subscribers get each message; 0 if only the acknowledgement counts. */
    private final int fan;

    /** When the latest messages were due, by their number. More than a window, and than what an open loop has on its way. */
    private final long[] dueNanos = new long[DUE];

    private final Latencies acknowledgements;
    private final byte[] frame;
    private final int payloadAt;
    private long sent;
    private long received;
    private long completed;
    private long unacknowledged;
    private long delivered;

    Publisher(Reactor reactor, InetSocketAddress broker, Scenario scenario, int index, Latencies acknowledgements)
            throws IOException {
        super(reactor, broker, Frames.connect("publisher-" + index, scenario.cleanSession()));
        this.index = index;
        this.acknowledgements = acknowledgements;
        this.qos = scenario.qos();
        this.fan = scenario.fan();
        this.frame = Frames.publish(scenario.topic(index), qos, scenario.payloadBytes());
        this.payloadAt = frame.length - scenario.payloadBytes();
    }

    /** Messages that are sent and not delivered to all, or not acknowledged. */
    long outstanding() {
        long done = fan == 0 ? sent : delivered / fan;
        return sent - (qos == 0 ? done : Math.min(done, completed));
    }

    long sent() {
        return sent;
    }

    /** Messages whose acknowledgement has come. */
    long acknowledged() {
        return completed - unacknowledged;
    }

    /** Sends one more message. */
    void publish() {
        publish(System.nanoTime());
    }

    /** Sends one more message, which was due then. */
    void publish(long due) {
        ByteBuffer out = room(frame.length);
        int at = out.position();
        out.put(frame);
        if (qos > 0) {
            out.putShort(at + payloadAt - 2, (short) packetId(sent));
        }
        out.putInt(at + payloadAt, index);
        out.putInt(at + payloadAt + 4, (int) sent);
        out.putLong(at + payloadAt + 8, due);
        dueNanos[(int) sent & DUE - 1] = due;
        sent++;
    }

    private static int packetId(long sequence) {
        return (int) (sequence % 65_535) + 1;
    }

    void onDelivered() {
        delivered++;
    }

    /** Gives up what is still on its way. */
    void forget() {
        unacknowledged += qos == 0 ? 0 : sent - completed;
        delivered = sent * fan;
        completed = sent;
        received = sent;
    }

    @Override
    void onPacket(int firstByte, ByteBuffer in, int from, int to) {
        int packetId = in.getShort(from) & 0xFFFF;
        switch (firstByte >> 4 & 0xF) {
            case Frames.PUBACK -> {
                acknowledgements.add(dueNanos[(int) completed & DUE - 1]);
                expect(packetId, completed++);
            }
            case Frames.PUBREC -> {
                expect(packetId, received++);
                sendAcknowledgement(0x62, packetId);
            }
            case Frames.PUBCOMP -> expect(packetId, completed++);
            default -> throw new IllegalStateException("packet: " + firstByte + " (expected: an acknowledgement)");
        }
    }

    /** Acknowledgements come in the order of the messages (section 4.6). */
    private static void expect(int packetId, long sequence) {
        if (packetId != packetId(sequence)) {
            throw new IllegalStateException(
                    "acknowledged packet id: " + packetId + " (expected: " + packetId(sequence) + ")");
        }
    }
}
