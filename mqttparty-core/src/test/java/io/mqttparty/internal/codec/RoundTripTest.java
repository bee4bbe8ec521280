package io.mqttparty.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.internal.packet.Packet;
import io.mqttparty.model.MalformedPacketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for every packet, and for every sequence of bytes. */
final class RoundTripTest {
    private final long seed = PacketGenerator.seed();
    private final PacketGenerator packets = new PacketGenerator(seed);

    @Test
    void packet_encodedAndDecoded_isTheSame() {
        for (int i = 0; i < 5_000; i++) {
            Packet packet = packets.next();
            assertThat(Wire.decodeOne(Wire.encode(packet))).as("seed %d", seed).isEqualTo(packet);
        }
    }

    @Test
    void packet_inTheMiddleOfADirectBuffer_isDecodedAloneAndTheRestStays() {
        for (int i = 0; i < 1_000; i++) {
            Packet packet = packets.next();
            byte[] bytes = Wire.encode(packet);
            ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 10);
            direct.position(3);
            PacketEncoder.write(packet, direct);
            assertThat(direct.position()).isEqualTo(3 + bytes.length);
            ByteBuffer in = direct.position(3).slice().asReadOnlyBuffer();
            RecordingSink sink = new RecordingSink();
            int length = FrameDecoder.frameLength(in, Wire.MAX_PACKET_SIZE);
            new PacketDecoder(CodecLimits.DEFAULT).decode(in, length, sink);
            assertThat(sink.packets()).as("seed %d", seed).containsExactly(packet);
            assertThat(in.remaining()).isEqualTo(7);
        }
    }

    @Test
    void manyPackets_inOneBuffer_areAllDecodedInOrder() {
        List<Packet> sent = new ArrayList<>();
        byte[] bytes = {};
        for (int i = 0; i < 50; i++) {
            sent.add(packets.next());
            bytes = Wire.join(bytes, Wire.encode(sent.get(i)));
        }
        assertThat(Wire.decode(ByteBuffer.wrap(bytes))).as("seed %d", seed).isEqualTo(sent);
    }

    @Test
    void packet_cutAtAnyByte_asksForMore() {
        for (int i = 0; i < 500; i++) {
            byte[] bytes = Wire.encode(packets.next());
            for (int cut = 0; cut < Math.min(bytes.length, 300); cut++) {
                ByteBuffer in = ByteBuffer.wrap(bytes, 0, cut);
                assertThat(FrameDecoder.frameLength(in, Wire.MAX_PACKET_SIZE))
                        .as("seed %d", seed)
                        .isIn(FrameDecoder.UNKNOWN, -bytes.length);
                assertThat(in.position()).isZero();
            }
        }
    }

    @Test
    void packet_shortenedToAnyLength_decodesOrIsMalformed() {
        for (int i = 0; i < 500; i++) {
            byte[] whole = Wire.encode(packets.next());
            int body = whole.length - FixedHeader.endOf(ByteBuffer.wrap(whole), 0);
            for (int length = 0; length < Math.min(body, 300); length++) {
                byte[] shorter = Arrays.copyOfRange(whole, whole.length - body, whole.length - body + length);
                checkDecodesOrIsMalformed(Wire.frame(whole[0], shorter));
            }
        }
    }

    @Test
    void packet_withAnyByteChanged_decodesOrIsMalformed() {
        for (int i = 0; i < 100; i++) {
            byte[] bytes = Wire.encode(packets.next());
            for (int at = 0; at < Math.min(bytes.length, 80); at++) {
                byte original = bytes[at];
                for (int value = 0; value < 256; value++) {
                    bytes[at] = (byte) value;
                    checkDecodesOrIsMalformed(bytes);
                }
                bytes[at] = original;
            }
        }
    }

    @Test
    void randomBytes_ofAnyKind_decodeOrAreMalformed() {
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[packets.random().nextInt(40)];
            packets.random().nextBytes(bytes);
            if (bytes.length > 2 && packets.random().nextBoolean()) {
                bytes[1] = (byte) (bytes.length - 2);
            }
            checkDecodesOrIsMalformed(bytes);
        }
    }

    /** Any other exception fails the test. What decodes must also be what the encoder would have written. */
    private void checkDecodesOrIsMalformed(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            List<Packet> decoded = Wire.decode(in);
            byte[] again = decoded.stream().map(Wire::encode).reduce(new byte[0], Wire::join);
            if (again.length
                    == in.position()) { // it is shorter where a remaining length was longer than it needs to be
                assertThat(again).as("seed %d", seed).isEqualTo(Arrays.copyOf(bytes, in.position()));
            }
            assertThat(again.length).isLessThanOrEqualTo(in.position());
        } catch (MalformedPacketException e) {
            assertThat(e.getStackTrace()).isEmpty();
            assertThat(e.clause()).isNotEmpty();
        }
    }
}
