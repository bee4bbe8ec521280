package io.mqttparty.internal.codec;

import io.mqttparty.internal.util.Utf8;
import io.mqttparty.model.MalformedPacketException;
import io.mqttparty.model.Payload;
import java.nio.ByteBuffer;

/**
 * Reads the fields of one frame after the other, never beyond its end. The clause that each method takes is the one that asks for the
 * field. One object serves all frames of a decoder, so that reading makes no garbage.
 */
final class FrameReader {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer buffer = NOTHING;
    private int position;
    private int end;

    /** Turns to the bytes from here to there. */
    void open(ByteBuffer frame, int from, int to) {
        buffer = frame;
        position = from;
        end = to;
    }

    /** Lets go of the buffer, and fails if bytes are left over. */
    void close(String clause) {
        buffer = NOTHING;
        if (position != end) {
            throw new MalformedPacketException(clause, "bytes left over");
        }
    }

    boolean hasMore() {
        return position < end;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    int readByte(String clause) {
        return buffer.get(skip(1, clause)) & 0xFF;
    }

    int readShort(String clause) {
        int at = skip(2, clause);
        return (buffer.get(at) & 0xFF) << 8 | (buffer.get(at + 1) & 0xFF);
    }

    int readPacketId() {
        int packetId = readShort("MQTT-2.3.1-1");
        if (packetId == 0) { // [MQTT-2.3.1-1]
            throw new MalformedPacketException("MQTT-2.3.1-1", "packet id 0");
        }
        return packetId;
    }

    /** The text of a length-prefixed string. */
    String readString(String clause) {
        int length = readShort(clause);
        int at = skip(length, clause);
        checkUtf8(at, length);
        return Utf8.decode(buffer, at, length);
    }

    /** A copy of length-prefixed bytes. */
    Payload readBinary(String clause) {
        int length = readShort(clause);
        return Payload.copyOf(buffer, skip(length, clause), length);
    }

    /** A copy of all that is left. */
    Payload readRest() {
        int at = position;
        position = end;
        return Payload.copyOf(buffer, at, end - at);
    }

    /** Passes over some bytes and returns where they start. */
    int skip(int length, String clause) {
        int at = position;
        if (length > end - at) {
            throw new MalformedPacketException(clause, "packet ends within a field");
        }
        position = at + length;
        return at;
    }

    void checkUtf8(int offset, int length) {
        switch (Utf8.check(buffer, offset, length)) {
            case VALID -> {}
            case ILL_FORMED -> throw new MalformedPacketException("MQTT-1.5.3-1", "ill-formed UTF-8"); // [MQTT-1.5.3-1]
            case HAS_NUL -> throw new MalformedPacketException("MQTT-1.5.3-2", "U+0000 in a string"); // [MQTT-1.5.3-2]
        }
    }
}
