package io.mqttparty.internal.codec;

import io.mqttparty.model.TopicName;

/**
 * What a decoder accepts beyond the standard's own limits. A topic name or topic filter that passes one of them makes the packet
 * malformed.
 *
 * @param maxTopicBytes the most bytes of UTF-8 in a topic name or topic filter, 1 to 65,535
 * @param maxTopicSeparators the most {@code /} in one
 */
public record CodecLimits(int maxTopicBytes, int maxTopicSeparators) {
    /** 4 KiB and 200 separators. */
    public static final CodecLimits DEFAULT = new CodecLimits(4096, 200);

    /** Checks the ranges. */
    public CodecLimits {
        if (maxTopicBytes < 1 || maxTopicBytes > TopicName.MAX_BYTES) {
            throw new IllegalArgumentException("maxTopicBytes: " + maxTopicBytes + " (expected: 1 to 65535)");
        }
        if (maxTopicSeparators < 0) {
            throw new IllegalArgumentException("maxTopicSeparators: " + maxTopicSeparators + " (expected: 0 or more)");
        }
    }
}
