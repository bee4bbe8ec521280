package io.mqttparty.http.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonWriterTest {
    @Test
    void nothing_isAnEmptyObject() {
        assertThat(new JsonWriter().beginObject().endObject()).hasToString("{}");
    }

    @Test
    void members_ofAllKinds_inTheirOrder() {
        JsonWriter json = new JsonWriter()
                .beginObject()
                .member("text", "t")
                .member("number", -5)
                .beginObject("object")
                .member("yes", true)
                .beginObject("empty")
                .endObject()
                .endObject()
                .beginArray("array")
                .beginObject()
                .member("a", 1)
                .endObject()
                .beginObject()
                .endObject()
                .endArray()
                .member("last", false)
                .endObject();

        assertThat(json)
                .hasToString("{\"text\":\"t\",\"number\":-5,\"object\":{\"yes\":true,\"empty\":{}},"
                        + "\"array\":[{\"a\":1},{}],\"last\":false}");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "0x22, \\\"",
                "0x5c, \\\\",
                "0x00, \\u0000",
                "0x0a, \\u000a",
                "0x1f, \\u001f",
                "0x7f, \\u007f",
                "0x85, \\u0085",
                "0x2028, \\u2028",
                "0x2029, \\u2029",
                "0x2f, /",
                "0xe4, ä",
                "0x1f600, \uD83D\uDE00",
                "0xd800, \uFFFD",
                "0xdc00, \uFFFD"
            })
    void text_isEscaped(String codePoint, String expected) {
        String text = Character.toString(Integer.decode(codePoint));

        assertThat(new JsonWriter().beginObject().member(text, text).endObject())
                .hasToString("{\"" + expected + "\":\"" + expected + "\"}");
    }

    @Test
    void surrogates_inTheWrongOrder_areReplaced() {
        assertThat(new JsonWriter().beginObject().member("a", "\uDE00\uD83D").endObject())
                .hasToString("{\"a\":\"\uFFFD\uFFFD\"}");
    }

    @Test
    void controlCharacters_all_areEscaped() {
        for (char c = 0; c < 0xA0; c++) {
            if (c < ' ' || c >= 0x7F) {
                assertThat(new JsonWriter()
                                .beginObject()
                                .member("a", String.valueOf(c))
                                .endObject())
                        .hasToString(String.format("{\"a\":\"\\u%04x\"}", (int) c));
            }
        }
    }

    @Test
    void text_thatWouldEndTheMember_staysInIt() {
        assertThat(new JsonWriter()
                        .beginObject()
                        .member("a", "\",\"admin\":\"true")
                        .endObject())
                .hasToString("{\"a\":\"\\\",\\\"admin\\\":\\\"true\"}");
    }
}
