package io.mqttparty.internal.util;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.internal.util.Utf8.Verdict;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Utf8Test {
    private static final int MAX_PADDING = 17;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "BF",
                "C0 80",
                "C0 AF",
                "C1 BF",
                "C2",
                "C2 41",
                "C2 C2", // stray, overlong, cut
                "E0 80 80",
                "E0 9F BF",
                "E1 80",
                "E1 41 80",
                "E1 80 41",
                "E1 80 C0", // overlong, cut, broken
                "ED A0 80",
                "ED AF BF",
                "ED B0 80",
                "ED BF BF",
                "ED A0 BD ED B8 80", // surrogates, alone and as a pair
                "F0 80 80 80",
                "F0 8F BF BF",
                "F1 80 80",
                "F1 80 41 80",
                "F1 80 80 41", // overlong, cut, broken
                "F4 90 80 80",
                "F5 80 80 80",
                "F8 88 80 80 80",
                "FC 84 80 80 80 80",
                "FE",
                "FF" // above U+10FFFF
            })
    @Tag("MQTT-1.5.3-1")
    void illFormed_atAnyPlace_isFound(String hex) {
        checkEverywhere(hex, Verdict.ILL_FORMED);
    }

    @Test
    @Tag("MQTT-1.5.3-2")
    @Tag("MQTT-4.7.3-2")
    void nul_atAnyPlace_isFound() {
        checkEverywhere("00", Verdict.HAS_NUL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "41",
                "01",
                "1F",
                "7F",
                "C2 80",
                "C2 9F",
                "DF BF",
                "E0 A0 80",
                "ED 9F BF",
                "EE 80 80",
                "EF BF BF",
                "EF BF BE",
                "EF B7 90",
                "EF BB BF",
                "F0 90 80 80",
                "F0 9F BF BF",
                "F4 8F BF BF"
            })
    void wellFormed_withControlsAndNonCharacters_isValid(String hex) {
        checkEverywhere(hex, Verdict.VALID);
    }

    @Test
    void allSequencesOfUpToThreeBytes_comparedWithTheJdk_agree() {
        byte[] bytes = new byte[3];
        for (int first = 0x80; first < 0x100; first++) {
            for (int second = 0; second < 0x100; second++) {
                for (int third = 1; third < 0x100; third++) {
                    bytes[0] = (byte) first;
                    bytes[1] = (byte) (second == 0 ? 1 : second);
                    bytes[2] = (byte) third;
                    if ((Utf8.check(bytes) == Verdict.VALID) != isValidForTheJdk(bytes)) {
                        throw new AssertionError(HexFormat.of().formatHex(bytes));
                    }
                }
            }
        }
    }

    @Test
    void everyCodePoint_encodedAndChecked_isValid() {
        for (int codePoint = 1; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                String text = Character.toString(codePoint);
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                if (Utf8.check(bytes) != Verdict.VALID) {
                    throw new AssertionError("U+" + Integer.toHexString(codePoint));
                }
            }
        }
    }

    @Test
    @Tag("MQTT-1.5.3-3")
    void byteOrderMark_decoded_isKept() {
        byte[] bytes = HexFormat.of().parseHex("41EFBBBF42");
        assertThat(Utf8.decode(ByteBuffer.wrap(bytes), 0, 5)).isEqualTo("A\uFEFFB");
        assertThat(Utf8.decode(ByteBuffer.wrap(bytes), 1, 3)).isEqualTo("\uFEFF");
    }

    @Test
    void decode_ofASliceOrADirectBuffer_takesItsOwnBytes() {
        byte[] bytes = "0123456789".getBytes(StandardCharsets.UTF_8);
        ByteBuffer slice = ByteBuffer.wrap(bytes, 2, 8).slice();
        ByteBuffer direct = ByteBuffer.allocateDirect(10).put(bytes);
        assertThat(Utf8.decode(slice, 1, 3)).isEqualTo("345");
        assertThat(Utf8.decode(direct, 3, 3)).isEqualTo("345");
        assertThat(direct.position()).isEqualTo(10);
    }

    private static void checkEverywhere(String hex, Verdict expected) {
        byte[] sequence = HexFormat.of().parseHex(hex.replace(" ", ""));
        for (int before = 0; before < MAX_PADDING; before++) {
            for (int after = 0; after < MAX_PADDING; after += 4) {
                String padded = "61".repeat(before) + HexFormat.of().formatHex(sequence) + "61".repeat(after);
                byte[] bytes = HexFormat.of().parseHex(padded);
                assertThat(Utf8.check(bytes)).as(padded).isEqualTo(expected);
                ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 2).order(ByteOrder.nativeOrder());
                direct.put((byte) 0xFF).put(bytes).put((byte) 0x80);
                assertThat(Utf8.check(direct, 1, bytes.length)).as(padded).isEqualTo(expected);
            }
        }
    }

    /** What the JDK cannot read it replaces. */
    private static boolean isValidForTheJdk(byte[] bytes) {
        return Arrays.equals(new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
    }
}
