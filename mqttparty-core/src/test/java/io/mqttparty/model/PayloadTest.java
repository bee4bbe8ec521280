package io.mqttparty.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class PayloadTest {
    private static final byte[] BYTES = {1, 2, 3};

    @Test
    void copy_sourceChangesLater_staysAsItWas() {
        byte[] source = BYTES.clone();
        ByteBuffer buffer = ByteBuffer.wrap(source);
        Payload ofArray = Payload.copyOf(source);
        Payload ofBuffer = Payload.copyOf(buffer);
        Payload ofRange = Payload.copyOf(buffer, 1, 2);
        source[1] = 99;
        assertThat(ofArray.toByteArray()).isEqualTo(BYTES);
        assertThat(ofBuffer).isEqualTo(ofArray).hasSameHashCodeAs(ofArray);
        assertThat(ofRange.toByteArray()).containsExactly(2, 3);
    }

    @Test
    void copy_ofRemainingBytes_movesThePositionAndOfARangeDoesNot() {
        ByteBuffer direct = ByteBuffer.allocateDirect(3).put(BYTES).position(1);
        assertThat(Payload.copyOf(direct, 0, 2).toByteArray()).containsExactly(1, 2);
        assertThat(direct.position()).isEqualTo(1);
        assertThat(Payload.copyOf(direct).toByteArray()).containsExactly(2, 3);
        assertThat(direct.hasRemaining()).isFalse();
    }

    @Test
    void noBytes_areTheEmptyPayload() {
        assertThat(Payload.copyOf(new byte[0])).isSameAs(Payload.EMPTY);
        assertThat(Payload.copyOf(ByteBuffer.allocate(0))).isSameAs(Payload.EMPTY);
        assertThat(Payload.copyOf(ByteBuffer.wrap(BYTES), 3, 0)).isSameAs(Payload.EMPTY);
        assertThat(Payload.utf8("")).isSameAs(Payload.EMPTY);
        assertThat(Payload.EMPTY.isEmpty()).isTrue();
        assertThat(Payload.EMPTY.size()).isZero();
    }

    @Test
    void bytes_givenOut_cannotChangeThePayload() {
        Payload payload = Payload.copyOf(BYTES);
        payload.toByteArray()[0] = 99;
        assertThat(payload.asByteBuffer().isReadOnly()).isTrue();
        assertThat(payload.asByteBuffer().get()).isEqualTo((byte) 1);
        assertThat(payload.asByteBuffer().remaining()).isEqualTo(3);
    }

    @Test
    void payload_written_isAppended() {
        ByteBuffer target = ByteBuffer.allocate(5).position(1);
        Payload.copyOf(BYTES).writeTo(target);
        assertThat(target.array()).containsExactly(0, 1, 2, 3, 0);
        assertThat(target.position()).isEqualTo(4);
    }

    @Test
    void text_isUtf8AndUnreadableBytesAreReplaced() {
        assertThat(Payload.utf8("ü").toByteArray()).isEqualTo("ü".getBytes(StandardCharsets.UTF_8));
        assertThat(Payload.utf8("ü").asUtf8String()).isEqualTo("ü");
        assertThat(Payload.copyOf(new byte[] {(byte) 0xFF}).asUtf8String()).isEqualTo("\uFFFD");
    }

    @Test
    void payload_asText_tellsItsSizeOnly() {
        assertThat(Payload.utf8("secret")).hasToString("Payload[6 bytes]").isNotEqualTo(Payload.utf8("Secret"));
    }
}
