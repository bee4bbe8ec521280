package io.mqttparty.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"a", "/", "//", " ", "a/b", "Accounts payable", "$SYS/a", "ü/\uD83D\uDE00", "\uFEFFa", "a\u0001"
            })
    void name_allowed_isTheSameFromTextAndBytes(String value) {
        TopicName name = TopicName.of(value);
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        assertThat(name).isEqualTo(TopicName.ofValidUtf8(utf8)).isEqualTo(TopicName.fromPeer(utf8));
        assertThat(name).hasSameHashCodeAs(TopicName.fromPeer(utf8)).hasToString(value);
        assertThat(name.value()).isEqualTo(value);
        assertThat(name.utf8Length()).isEqualTo(utf8.length);
        ByteBuffer target = ByteBuffer.allocate(utf8.length);
        name.writeUtf8(target);
        assertThat(target.array()).isEqualTo(utf8);
    }

    @ParameterizedTest
    @CsvSource({"'', MQTT-4.7.3-1", "+, MQTT-4.7.1-1", "#, MQTT-4.7.1-1", "a/+/b, MQTT-4.7.1-1", "a#, MQTT-4.7.1-1"})
    @Tag("MQTT-3.3.2-2")
    @Tag("MQTT-4.7.1-1")
    @Tag("MQTT-4.7.3-1")
    void name_notAllowed_isRefusedFromTextAndBytes(String value, String clause) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicName.of(value))
                .withMessageStartingWith("topic: ");
        assertThatIllegalArgumentException().isThrownBy(() -> TopicName.ofValidUtf8(utf8));
        MalformedPacketException malformed =
                catchThrowableOfType(MalformedPacketException.class, () -> TopicName.fromPeer(utf8));
        assertThat(malformed.clause()).isEqualTo(clause);
        assertThat(malformed.reasonCode()).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        assertThat(malformed.getStackTrace()).isEmpty();
    }

    @Test
    @Tag("MQTT-4.7.3-3")
    void name_of65535Bytes_isTheLongest() {
        assertThat(TopicName.of("a".repeat(65_535)).utf8Length()).isEqualTo(65_535);
        assertThatIllegalArgumentException().isThrownBy(() -> TopicName.of("a".repeat(65_536)));
        assertThatIllegalArgumentException().isThrownBy(() -> TopicName.of("ü".repeat(32_768)));
        assertThatIllegalArgumentException().isThrownBy(() -> TopicName.ofValidUtf8(new byte[65_536]));
    }

    @Test
    @Tag("MQTT-4.7.3-2")
    void name_withNulOrLoneSurrogate_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> TopicName.of("a\0"));
        assertThatIllegalArgumentException().isThrownBy(() -> TopicName.of("\uDC00"));
    }

    @Test
    @Tag("MQTT-4.7.3-4")
    void names_thatLookAlike_differ() {
        assertThat(TopicName.of("\u00FC")).isNotEqualTo(TopicName.of("u\u0308"));
        assertThat(TopicName.of("a")).isNotEqualTo(TopicName.of("A")).isNotEqualTo(TopicName.of("/a"));
    }

    @Test
    void hasUtf8_comparesLengthAndBytesAtTheOffset() {
        TopicName name = TopicName.of("a/b");
        byte[] bytes = "xa/bx".getBytes(StandardCharsets.US_ASCII);
        for (ByteBuffer source : new ByteBuffer[] {
            ByteBuffer.wrap(bytes),
            ByteBuffer.allocateDirect(5).put(bytes),
            ByteBuffer.wrap(bytes).asReadOnlyBuffer()
        }) {
            assertThat(name.hasUtf8(source, 1, 3)).isTrue();
            assertThat(name.hasUtf8(source, 0, 3)).isFalse();
            assertThat(name.hasUtf8(source, 1, 2)).isFalse();
            assertThat(name.hasUtf8(source, 1, 4)).isFalse();
        }
        assertThat(name.hasUtf8(ByteBuffer.wrap(bytes, 1, 4).slice(), 0, 3)).isTrue();
    }

    @Test
    void hasUtf8_findsTheOneByteThatDiffersAtAnyPlaceInAnyByteOrder() {
        TopicName name = TopicName.of("sensors/kitchen/one");
        byte[] bytes = name.value().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(name.hasUtf8(little, 0, bytes.length)).isTrue();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i]++;
            assertThat(name.hasUtf8(ByteBuffer.wrap(bytes), 0, bytes.length)).isFalse();
            assertThat(name.hasUtf8(little, 0, bytes.length)).isFalse();
            bytes[i]--;
        }
    }

    @Test
    void reserved_isWhatStartsWithDollar() {
        assertThat(TopicName.of("$SYS").isReserved()).isTrue();
        assertThat(TopicName.of("a/$SYS").isReserved()).isFalse();
    }
}
