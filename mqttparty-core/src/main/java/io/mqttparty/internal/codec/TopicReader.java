package io.mqttparty.internal.codec;

import io.mqttparty.internal.util.Utf8;
import io.mqttparty.model.MalformedPacketException;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import java.nio.ByteBuffer;

/** Reads topic names and topic filters (section 4.7) within the limits. */
final class TopicReader {
    private final CodecLimits limits;
    private final TopicCache cache = new TopicCache();

    TopicReader(CodecLimits limits) {
        this.limits = limits;
    }

    /** A topic name that is worth being remembered. */
    TopicName readName(FrameReader reader, String clause) {
        int length = reader.readShort(clause);
        int at = reader.skip(length, clause);
        TopicName known = cache.find(reader.buffer(), at, length);
        return known != null ? known : newName(reader, at, length);
    }

    private TopicName newName(FrameReader reader, int at, int length) {
        ByteBuffer buffer = reader.buffer();
        check(reader, at, length, ReasonCode.TOPIC_NAME_INVALID);
        byte[] utf8 = new byte[length];
        buffer.get(at, utf8);
        TopicName name = TopicName.fromPeer(utf8);
        cache.put(buffer, at, length, name);
        return name;
    }

    TopicFilter readFilter(FrameReader reader, String clause) {
        int length = reader.readShort(clause);
        int at = reader.skip(length, clause);
        check(reader, at, length, ReasonCode.TOPIC_FILTER_INVALID);
        return TopicFilter.fromPeer(Utf8.decode(reader.buffer(), at, length));
    }

    private void check(FrameReader reader, int at, int length, ReasonCode reasonCode) {
        if (length > limits.maxTopicBytes()) {
            throw new MalformedPacketException("4.7.3", "topic longer than the limit", reasonCode);
        }
        if (separators(reader.buffer(), at, length) > limits.maxTopicSeparators()) {
            throw new MalformedPacketException("4.7.1.1", "more topic levels than the limit", reasonCode);
        }
        reader.checkUtf8(at, length);
    }

    private static int separators(ByteBuffer buffer, int at, int length) {
        int count = 0;
        for (int i = at; i < at + length; i++) {
            if (buffer.get(i) == '/') {
                count++;
            }
        }
        return count;
    }
}
