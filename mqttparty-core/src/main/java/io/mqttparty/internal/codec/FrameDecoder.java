package io.mqttparty.internal.codec;

import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.model.MalformedPacketException;
import io.mqttparty.model.ReasonCode;
import java.nio.ByteBuffer;

/**
 * Finds the whole packets in a stream of bytes, and refuses by the first bytes what need not be waited for. Stateless, for any thread.
 *
 * <p>A remaining length that takes more bytes than it needs, up to four, is accepted: section 2.2.3 forbids only the fifth.
 */
public final class FrameDecoder {
    /** The answer while not even the length is known. */
    public static final int UNKNOWN = 0;

    private static final int MAX_LENGTH_BYTES = 4;

    private FrameDecoder() {}

    /**
     * The length of the packet that starts at the position of the buffer, with its fixed header.
     *
     * @param in heap or direct; its position does not move, and nothing keeps it
     * @param maxPacketSize the most bytes that a packet may have, with its fixed header
     * @return the length, if the buffer has the whole packet; the length negated, if it is known but bytes are still missing;
     *     {@link #UNKNOWN} if more bytes are needed to tell
     * @throws MalformedPacketException as soon as it is certain that no packet of a client, or none within the limit, starts here
     */
    public static int frameLength(ByteBuffer in, int maxPacketSize) {
        int start = in.position();
        int available = in.remaining();
        if (available == 0) {
            return UNKNOWN;
        }
        FixedHeader.checkFirstByte(in.get(start));
        int remainingLength = 0;
        for (int i = 1; i <= MAX_LENGTH_BYTES; i++) {
            if (i >= available) {
                return UNKNOWN;
            }
            byte digit = in.get(start + i);
            remainingLength |= (digit & 0x7F) << (7 * (i - 1));
            if (digit >= 0) {
                return within(maxPacketSize, 1 + i + remainingLength, available);
            }
        }
        throw new MalformedPacketException("2.2.3", "a remaining length of more than four bytes");
    }

    private static int within(int maxPacketSize, int length, int available) {
        if (length > maxPacketSize) {
            throw new MalformedPacketException("2.2.3", "packet beyond the limit", ReasonCode.PACKET_TOO_LARGE);
        }
        return length <= available ? length : -length;
    }

    /** The type of the packet that starts at the position of the buffer, which must have a byte there. */
    public static PacketType typeOf(ByteBuffer in) {
        return FixedHeader.type(in.get(in.position()));
    }
}
