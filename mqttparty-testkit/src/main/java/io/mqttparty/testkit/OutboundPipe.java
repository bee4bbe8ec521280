package io.mqttparty.testkit;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The bytes from the broker to the client: written, then flushed, then, unless the socket is stalled, there for the client to take. */
final class OutboundPipe {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ByteArrayOutputStream flushed = new ByteArrayOutputStream();
    private int capacity;
    private boolean stalled;

    OutboundPipe(int capacity) {
        this.capacity = capacity;
    }

    boolean isWritable() {
        return !stalled && written.size() + flushed.size() < capacity;
    }

    void write(byte[] bytes) {
        written.writeBytes(bytes);
    }

    /** Whether there was anything to flush. */
    boolean flush() {
        boolean something = written.size() > 0;
        flushed.writeBytes(written.toByteArray());
        written.reset();
        return something;
    }

    void dropUnflushed() {
        written.reset();
    }

    void stall() {
        stalled = true;
    }

    void resume() {
        stalled = false;
    }

    void capacity(int bytes) {
        capacity = bytes;
    }

    boolean hasBytes() {
        return available() > 0;
    }

    /** The number of bytes that the client can take. */
    int available() {
        return stalled ? 0 : flushed.size();
    }

    /** The number of bytes that the client has not taken, seen by it or not. */
    int waiting() {
        return flushed.size();
    }

    byte[] take(int atMost) {
        byte[] all = stalled ? new byte[0] : flushed.toByteArray();
        if (all.length == 0) {
            return all;
        }
        int taken = Math.min(atMost, all.length);
        flushed.reset();
        flushed.write(all, taken, all.length - taken);
        return Arrays.copyOf(all, taken);
    }
}
