package io.mqttparty.internal.session;

import io.mqttparty.spi.SessionStore;

/**
 * The deliveries at QoS 1 and 2 that the peer has not finished, by their number. The packet id is a function of the number, so a slot is one
 * byte and an acknowledgement is O(1).
 *
 * <p>A delivery may start while fewer than {@code maximum} are open and the oldest open one is less than 65,535 behind: then no packet id is
 * ever in use twice [MQTT-2.3.1-2]. The slots grow with the distance, so that one delivery that is never finished stops the others only there.
 */
final class OutboundWindow {
    static final byte FREE = 0;
    /** PUBLISH at QoS 1 was sent. */
    static final byte PUBLISHED_1 = 1;
    /** PUBLISH at QoS 2 was sent. */
    static final byte PUBLISHED_2 = 2;
    /** PUBREC came; the store is noting it. */
    static final byte RELEASING = 3;
    /** PUBREL was sent. */
    static final byte RELEASED = 4;
    /** PUBCOMP came; the store is noting it. */
    static final byte COMPLETING = 5;

    private static final int PACKET_IDS = 65_535;
    private static final int MAX_SLOTS = 65_536;

    private final int maximum;
    private final int fewestSlots;
    private byte[] states;
    private long low;
    private long next;
    private int open;

    /** A window for this many open deliveries, whose first will have this number. */
    OutboundWindow(int maximum, long first) {
        this.maximum = maximum;
        this.low = first;
        this.next = first;
        this.fewestSlots = Integer.highestOneBit(Math.max(64, Math.min(MAX_SLOTS / 2, maximum * 4)) - 1) << 1;
        this.states = new byte[fewestSlots];
    }

    /** Whether the delivery with this number, the highest so far, may start. */
    boolean admits(long seq) {
        return open < maximum && (open == 0 || seq - low < PACKET_IDS);
    }

    /** Whether fewer than the maximum are open. */
    boolean hasRoom() {
        return open < maximum;
    }

    /** Opens the delivery with this number. A resumed session opens them in any order, a live one in ascending order. */
    void open(long seq, byte state) {
        long newLow = open == 0 ? seq : Math.min(low, seq);
        long newNext = open == 0 ? seq + 1 : Math.max(next, seq + 1);
        if (open == 0 && states.length > fewestSlots) {
            states = new byte[fewestSlots];
        }
        while (newNext - newLow > states.length) {
            grow();
        }
        low = newLow;
        next = newNext;
        states[slot(seq)] = state;
        open++;
    }

    /** The number of the open delivery with this packet id; -1 if there is none. */
    long find(int packetId) {
        if (open == 0) {
            return -1;
        }
        long seq = low + Math.floorMod(packetId - SessionStore.packetId(low), PACKET_IDS);
        return seq < next && states[slot(seq)] != FREE ? seq : -1;
    }

    /** Whether the delivery with this number is open. */
    boolean isOpen(long seq) {
        return open > 0 && seq >= low && seq < next && states[slot(seq)] != FREE;
    }

    byte state(long seq) {
        return states[slot(seq)];
    }

    void state(long seq, byte state) {
        states[slot(seq)] = state;
    }

    /** The delivery is finished. */
    void free(long seq) {
        states[slot(seq)] = FREE;
        open--;
        while (low < next && states[slot(low)] == FREE) {
            low++;
        }
    }

    /** The lowest number that is open, or the next one. */
    long low() {
        return open == 0 ? next : low;
    }

    int open() {
        return open;
    }

    private int slot(long seq) {
        return (int) seq & (states.length - 1);
    }

    private void grow() {
        byte[] old = states;
        byte[] larger = new byte[old.length * 2];
        for (long seq = low; open > 0 && seq < next; seq++) {
            larger[(int) seq & (larger.length - 1)] = old[(int) seq & (old.length - 1)];
        }
        states = larger;
    }
}
