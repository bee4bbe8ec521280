package io.mqttparty.http.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentDecoderTest {
    @ParameterizedTest
    @CsvSource({
        "a/b,a/b",
        "a%2Fb,a/b",
        "a%2fb,a/b",
        "a+b,a+b",
        "%2B,+",
        "%23,#",
        "%25,%",
        "%C3%A4,ä",
        "%F0%9F%98%80,😀",
        "{x},{x}",
        "a%20b,a b"
    })
    void text_encoded_isDecoded(String encoded, String text) {
        assertThat(PercentDecoder.decode(encoded)).contains(text);
    }

    @Test
    void text_empty_isEmpty() {
        assertThat(PercentDecoder.decode("")).contains("");
        assertThat(PercentDecoder.decode("%00")).contains("\0");
        assertThat(PercentDecoder.decode("a%0D%0Ab")).contains("a\r\nb");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%", "%4", "a%", "%zz", "%4g", "%+1", "%-1", "% 1", "%٤١", "ä", "a b", "a\tb", "a\"b", "a#b", "a<b",
                "a\\b", "a\u007F"
            })
    void text_notEncoded_isRefused(String encoded) {
        assertThat(PercentDecoder.decode(encoded)).isEmpty();
    }

    @ParameterizedTest // bytes alone, cut off, too long, surrogates, beyond the last code point
    @ValueSource(
            strings = {
                "%FF",
                "%80",
                "%C3",
                "%C3%28",
                "%C0%80",
                "%C0%AF",
                "%E0%80%AF",
                "%ED%A0%80",
                "%F4%90%80%80",
                "%E2%82"
            })
    void bytes_notUtf8_areRefused(String encoded) {
        assertThat(PercentDecoder.decode(encoded)).isEmpty();
    }
}
