package io.mqttparty.internal.codec;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mqttparty.internal.packet.Packet;
import io.mqttparty.model.MalformedPacketException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Bytes for tests, and the way that a connection takes them: frame by frame. */
final class Wire {
    static final int MAX_PACKET_SIZE = 1 << 20;

    private Wire() {}

    /** Bytes written as hexadecimal digits; spaces do not count and a text in quotes stands for its UTF-8. */
    static byte[] bytes(String notation) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String[] parts = notation.split("'", -1);
        for (int i = 0; i < parts.length; i++) {
            byte[] part = i % 2 == 0
                    ? HexFormat.of().parseHex(parts[i].replace(" ", ""))
                    : parts[i].getBytes(StandardCharsets.UTF_8);
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] encode(Packet packet) {
        ByteBuffer target = ByteBuffer.allocate(PacketEncoder.length(packet));
        PacketEncoder.write(packet, target);
        if (target.hasRemaining()) {
            throw new AssertionError(packet + " left " + target.remaining() + " of its bytes unwritten");
        }
        return target.array();
    }

    /** All whole packets in the buffer, whose position moves behind the last of them. */
    static List<Packet> decode(ByteBuffer in) {
        RecordingSink sink = new RecordingSink();
        PacketDecoder decoder = new PacketDecoder(CodecLimits.DEFAULT);
        int length = FrameDecoder.frameLength(in, MAX_PACKET_SIZE);
        while (length > 0) {
            decoder.decode(in, length, sink);
            length = FrameDecoder.frameLength(in, MAX_PACKET_SIZE);
        }
        return sink.packets();
    }

    static Packet decodeOne(byte[] frame) {
        List<Packet> packets = decode(ByteBuffer.wrap(frame));
        if (packets.size() != 1) {
            throw new AssertionError("one packet expected: " + packets);
        }
        return packets.get(0);
    }

    static Packet decodeOne(String notation) {
        return decodeOne(bytes(notation));
    }

    static MalformedPacketException failure(byte[] frame) {
        return catchThrowableOfType(MalformedPacketException.class, () -> decode(ByteBuffer.wrap(frame)));
    }

    static MalformedPacketException failure(String notation) {
        return failure(bytes(notation));
    }

    /** A frame with this first byte and body, however long. */
    static byte[] frame(int firstByte, byte[] body) {
        ByteBuffer frame = ByteBuffer.allocate(FixedHeader.frameLength(body.length));
        frame.put((byte) firstByte);
        int rest = body.length;
        for (; rest > 0x7F; rest >>>= 7) {
            frame.put((byte) (rest | 0x80));
        }
        return frame.put((byte) rest).put(body).array();
    }

    /** A length-prefixed string. */
    static byte[] field(byte[] content) {
        return ByteBuffer.allocate(2 + content.length)
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
