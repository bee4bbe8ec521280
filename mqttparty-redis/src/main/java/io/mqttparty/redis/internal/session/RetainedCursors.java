package io.mqttparty.redis.internal.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.redis.internal.record.UnreadableRecordException;
import io.mqttparty.spi.SessionStore.RetainedCursor;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The retained messages that are still to be queued, as bytes, one cursor after the other: u16 length of the filter, the filter, u8 grant, u16 length of
 * the last topic, the last topic, both texts in UTF-8. Scripts add, move and remove them.
 */
final class RetainedCursors {
    private RetainedCursors() {}

    /** One of them as it stands among the others. */
    static byte[] encode(RetainedCursor cursor) {
        byte[] filter = cursor.filter().toString().getBytes(UTF_8);
        byte[] after = cursor.after().getBytes(UTF_8);
        return ByteBuffer.allocate(5 + filter.length + after.length)
                .putShort((short) filter.length)
                .put(filter)
                .put((byte) cursor.grant().value())
                .putShort((short) after.length)
                .put(after)
                .array();
    }

    /**
     * Those of these bytes.
     *
     * @throws UnreadableRecordException if they are none
     */
    static List<RetainedCursor> decode(byte[] bytes) {
        try {
            ByteBuffer source = ByteBuffer.wrap(bytes);
            List<RetainedCursor> cursors = new ArrayList<>();
            while (source.hasRemaining()) {
                TopicFilter filter = TopicFilter.of(text(source));
                QoS grant = QoS.of(source.get());
                cursors.add(new RetainedCursor(filter, grant, text(source)));
            }
            return cursors;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UnreadableRecordException("cursors: " + e + " (expected: filters, grants and topics)");
        }
    }

    private static String text(ByteBuffer source) {
        byte[] text = new byte[Short.toUnsignedInt(source.getShort())];
        source.get(text);
        return new String(text, UTF_8);
    }
}
