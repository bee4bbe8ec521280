package io.mqttparty.examples.karma;

import java.nio.ByteBuffer;

/**
 * What a hotspot reports: 16 bytes.
 *
 * @param number counts up from 1, never reused by that device
 * @param sentMillis when it was made, in milliseconds since 1970 UTC
 * @param batteryPercent 0 to 100
 * @param users that are connected to the hotspot
 */
record Heartbeat(int number, long sentMillis, int batteryPercent, int users) {
    static final int BYTES = 16;

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .putInt(number)
                .putLong(sentMillis)
                .putShort((short) batteryPercent)
                .putShort((short) users)
                .array();
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it has another length
     */
    static Heartbeat decode(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("heartbeat: " + bytes.length + " bytes (expected: " + BYTES + ")");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new Heartbeat(in.getInt(), in.getLong(), in.getShort(), in.getShort());
    }
}
