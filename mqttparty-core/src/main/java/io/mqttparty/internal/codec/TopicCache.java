package io.mqttparty.internal.codec;

import io.mqttparty.model.TopicName;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The topic names that an event loop saw lately, found by their bytes, so that a repeated topic allocates nothing and is not checked
 * again. Each name has one slot, which the next name of the same slot takes: bounded, and at worst (1,024 names of 128 bytes) some 350 KiB.
 * Confined to one thread.
 */
final class TopicCache {
    private static final int SLOTS = 1024;
    private static final int MAX_TOPIC_BYTES = 128;
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private final @Nullable TopicName[] slots = new @Nullable TopicName[SLOTS];

    /** The name with these bytes (absolute), if it is here. */
    @Nullable
    TopicName find(ByteBuffer source, int offset, int length) {
        if (length > MAX_TOPIC_BYTES) {
            return null;
        }
        TopicName found = slots[slot(source, offset, length)];
        return found != null && found.hasUtf8(source, offset, length) ? found : null;
    }

    /** Keeps the name, which has these bytes, unless it is too long. */
    void put(ByteBuffer source, int offset, int length, TopicName name) {
        if (length <= MAX_TOPIC_BYTES) {
            slots[slot(source, offset, length)] = name;
        }
    }

    private static int slot(ByteBuffer source, int offset, int length) {
        int end = offset + length;
        int i = offset;
        long hash = length;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            hash = (hash ^ source.getLong(i)) * MULTIPLIER;
            hash ^= hash >>> 32;
        }
        for (; i < end; i++) {
            hash = (hash ^ source.get(i)) * MULTIPLIER;
        }
        return (int) (((hash ^ (hash >>> 32)) * MULTIPLIER) >>> 54); // 10 bits for 1,024 slots
    }
}
