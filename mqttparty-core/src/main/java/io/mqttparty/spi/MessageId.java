package io.mqttparty.spi;

/**
 * A random 128-bit number that names one received message.
 *
 * @param high its upper half
 * @param low its lower half
 */
public record MessageId(long high, long low) {
    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
