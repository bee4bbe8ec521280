package io.mqttparty.internal.session;

import io.mqttparty.internal.packet.PacketType;
import java.util.Arrays;

/**
 * Acknowledgements that are owed to the peer, in the order in which its PUBLISHes came. One that is ready waits until all before it have left
 * [MQTT-4.6.0-2], [MQTT-4.6.0-3].
 */
final class AckQueue {
    private static final int READY = 1 << 31;

    private int[] entries = new int[8];
    private int head;
    private int tail;

    /** Owes an acknowledgement and returns the ticket for {@link #ready}. */
    int owe(PacketType type, int packetId) {
        if (tail - head == entries.length) {
            grow();
        }
        entries[tail & (entries.length - 1)] = type.ordinal() << 16 | packetId;
        return tail++ & Integer.MAX_VALUE;
    }

    /** The acknowledgement with this ticket may leave; sends all that can. */
    void ready(int ticket, Effects effects) {
        entries[ticket & (entries.length - 1)] |= READY;
        while (head != tail) {
            int entry = entries[head & (entries.length - 1)];
            if (entry >= 0) {
                return;
            }
            head++;
            effects.sendAcknowledgement(PacketType.of(entry >>> 16 & 0xF), entry & 0xFFFF);
        }
    }

    int size() {
        return tail - head;
    }

    private void grow() {
        int[] old = entries;
        int[] larger = Arrays.copyOf(old, old.length * 2);
        for (int i = head; i != tail; i++) {
            larger[i & (larger.length - 1)] = old[i & (old.length - 1)];
        }
        entries = larger;
    }
}
