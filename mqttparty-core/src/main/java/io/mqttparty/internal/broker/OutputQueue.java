package io.mqttparty.internal.broker;

import io.mqttparty.internal.codec.PacketEncoder;
import io.mqttparty.internal.packet.Packet;
import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.transport.OutboundBatch;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The packets that wait for one socket, as references: nothing is encoded before the socket takes it. A ring of two arrays without an object
 * per packet. It belongs to a connection while packets wait and to its loop otherwise.
 */
final class OutputQueue implements OutboundBatch {
    private static final int DUP = 1 << 27;
    private static final int RETAIN = 1 << 24;
    private static final int QOS_SHIFT = 25;
    private static final int TYPE_SHIFT = 28;
    private static final int ACKNOWLEDGEMENT_BYTES = 4;

    private @Nullable Object[] items = new Object[16];
    private int[] heads = new int[16];
    private int head;
    private int tail;
    private long bytes;
    private int answerBytes;
    private int batchFrames;
    private int batchBytes;

    /** Adds PUBLISH, whose length the caller knows. */
    void addPublish(Message message, int packetId, QoS qos, boolean dup, boolean retain, int length) {
        int flags = (dup ? DUP : 0) | (retain ? RETAIN : 0) | qos.value() << QOS_SHIFT;
        add(message, (PacketType.PUBLISH.ordinal() << TYPE_SHIFT) | flags | packetId, length);
    }

    /** Adds an acknowledgement and returns its length. */
    int addAcknowledgement(PacketType type, int packetId) {
        add(null, (type.ordinal() << TYPE_SHIFT) | packetId, ACKNOWLEDGEMENT_BYTES);
        answerBytes += ACKNOWLEDGEMENT_BYTES;
        return ACKNOWLEDGEMENT_BYTES;
    }

    /** Adds another packet and returns its length. */
    int addPacket(Packet packet) {
        int length = PacketEncoder.length(packet);
        add(packet, packet.type().ordinal() << TYPE_SHIFT, length);
        answerBytes += length;
        return length;
    }

    private void add(@Nullable Object item, int meta, int length) {
        if (tail - head == heads.length) {
            grow();
        }
        int slot = tail++ & (heads.length - 1);
        items[slot] = item;
        heads[slot] = meta;
        bytes += length;
    }

    boolean isEmpty() {
        return head == tail;
    }

    /** The bytes of all packets in it. */
    long bytes() {
        return bytes;
    }

    /** The bytes of what answers a packet of the peer: everything but PUBLISH. */
    int answerBytes() {
        return answerBytes;
    }

    int capacity() {
        return heads.length;
    }

    /** Makes the first packets the batch: at least one, and more up to this many bytes. */
    OutboundBatch batch(int maxBytes) {
        int frames = 0;
        int length = 0;
        for (int i = head; i != tail; i++) {
            int next = length(i & (heads.length - 1));
            if (frames > 0 && length + next > maxBytes) {
                break;
            }
            frames++;
            length += next;
        }
        batchFrames = frames;
        batchBytes = length;
        return this;
    }

    /** Forgets the packets of the batch. */
    void removeBatch() {
        int mask = heads.length - 1;
        for (int i = 0; i < batchFrames; i++) {
            int slot = head++ & mask;
            if (!(items[slot] instanceof Message)) {
                answerBytes -= length(slot);
            }
            items[slot] = null;
        }
        bytes -= batchBytes;
        batchFrames = 0;
        batchBytes = 0;
    }

    /** Forgets everything. */
    void clear() {
        batchFrames = tail - head;
        batchBytes = (int) Math.min(Integer.MAX_VALUE, bytes);
        removeBatch();
        bytes = 0;
        answerBytes = 0;
    }

    @Override
    public int length() {
        return batchBytes;
    }

    @Override
    public int frames() {
        return batchFrames;
    }

    @Override
    public void writeTo(ByteBuffer target) {
        int mask = heads.length - 1;
        for (int i = 0; i < batchFrames; i++) {
            write((head + i) & mask, target);
        }
    }

    private void write(int slot, ByteBuffer target) {
        int meta = heads[slot];
        Object item = items[slot];
        if (item instanceof Message message) {
            PacketEncoder.writePublish(
                    target, message, meta & 0xFFFF, qos(meta), (meta & DUP) != 0, (meta & RETAIN) != 0);
        } else if (item instanceof Packet packet) {
            PacketEncoder.write(packet, target);
        } else {
            PacketEncoder.writeAcknowledgement(target, PacketType.of(meta >>> TYPE_SHIFT), meta & 0xFFFF);
        }
    }

    private int length(int slot) {
        Object item = items[slot];
        if (item instanceof Message message) {
            return PacketEncoder.publishLength(message, qos(heads[slot]));
        }
        return item instanceof Packet packet ? PacketEncoder.length(packet) : ACKNOWLEDGEMENT_BYTES;
    }

    private static QoS qos(int meta) {
        return QoS.of(meta >> QOS_SHIFT & 3);
    }

    private void grow() {
        int size = heads.length;
        @Nullable Object[] largerItems = new Object[size * 2];
        int[] largerHeads = new int[size * 2];
        for (int i = head; i != tail; i++) {
            largerItems[i & (size * 2 - 1)] = items[i & (size - 1)];
            largerHeads[i & (size * 2 - 1)] = heads[i & (size - 1)];
        }
        items = largerItems;
        heads = largerHeads;
    }
}
