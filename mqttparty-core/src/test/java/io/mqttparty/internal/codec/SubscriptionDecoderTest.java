package io.mqttparty.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.model.MalformedPacketException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SubscriptionDecoderTest {
    @Test
    void subscribe_withSeveralFilters_keepsTheirOrder() {
        assertThat(Wire.decodeOne("82 10 000A 0003 'a/b' 01 0001 '#' 02 0001 '+' 00"))
                .isEqualTo(new Subscribe(
                        10,
                        List.of(
                                Subscription.of("a/b", QoS.AT_LEAST_ONCE),
                                Subscription.of("#", QoS.EXACTLY_ONCE),
                                Subscription.of("+", QoS.AT_MOST_ONCE))));
    }

    @Test
    void unsubscribe_withSeveralFilters_keepsTheirOrder() {
        assertThat(Wire.decodeOne("A2 0A 000A 0003 'a/b' 0001 '#'"))
                .isEqualTo(new Unsubscribe(10, List.of(TopicFilter.of("a/b"), TopicFilter.of("#"))));
    }

    @Test
    @Tag("MQTT-3.8.3-3")
    void subscribe_withoutFilter_isMalformed() {
        assertThat(Wire.failure("82 02 000A").clause()).isEqualTo("MQTT-3.8.3-3");
    }

    @Test
    @Tag("MQTT-3.10.3-2")
    void unsubscribe_withoutFilter_isMalformed() {
        assertThat(Wire.failure("A2 02 000A").clause()).isEqualTo("MQTT-3.10.3-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"82 06 0000 0001 't' 00", "A2 05 0000 0001 't'", "82 00", "A2 01 01"})
    @Tag("MQTT-2.3.1-1")
    void packetId_zeroOrMissing_isMalformed(String bytes) {
        assertThat(Wire.failure(bytes).clause()).isEqualTo("MQTT-2.3.1-1");
    }

    @Test
    @Tag("MQTT-3-8.3-4")
    void options_otherThanQos0To2_areMalformed() {
        for (int options = 3; options < 256; options++) {
            byte[] frame = Wire.bytes("82 06 000A 0001 't' 00");
            frame[7] = (byte) options;
            assertThat(Wire.failure(frame).clause()).as("%x", options).isEqualTo("MQTT-3-8.3-4");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"82 05 000A 0001 't'", "82 09 000A 0001 't' 00 0001 't'"})
    @Tag("MQTT-3-8.3-4")
    void options_missing_areMalformed(String bytes) {
        assertThat(Wire.failure(bytes).clause()).isEqualTo("MQTT-3-8.3-4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"82 03 000A 00", "82 05 000A 0002 't'", "82 07 000A 0001 't' 00 00", "82 08 000A FFFF 'abcd'"})
    @Tag("MQTT-3.8.3-1")
    void subscribe_withFilterCut_isMalformed(String bytes) {
        assertThat(Wire.failure(bytes).clause()).isEqualTo("MQTT-3.8.3-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A2 03 000A 00", "A2 05 000A 0002 't'", "A2 06 000A 0001 't' 00"})
    @Tag("MQTT-3.10.3-1")
    void unsubscribe_withFilterCut_isMalformed(String bytes) {
        assertThat(Wire.failure(bytes).clause()).isEqualTo("MQTT-3.10.3-1");
    }

    @ParameterizedTest
    @CsvSource({
        "a#, MQTT-4.7.1-2",
        "#/a, MQTT-4.7.1-2",
        "a/#/b, MQTT-4.7.1-2",
        "##, MQTT-4.7.1-2",
        "a/#b, MQTT-4.7.1-2",
        "a+, MQTT-4.7.1-3",
        "+a, MQTT-4.7.1-3",
        "a/b+/c, MQTT-4.7.1-3",
        "++, MQTT-4.7.1-3",
        "$share, 4.8.2",
        "$share/, 4.8.2",
        "$share/g, 4.8.2",
        "$share/g/, 4.8.2",
        "$share//a, 4.8.2",
        "$share/+/a, 4.8.2",
        "$share/#, 4.8.2",
        "$share/g#/a, 4.8.2",
        "$share/g/a#, MQTT-4.7.1-2",
        "$share/g/a+, MQTT-4.7.1-3"
    })
    @Tag("MQTT-4.7.1-2")
    @Tag("MQTT-4.7.1-3")
    void filter_notAllowed_isMalformedInBothPackets(String filter, String clause) {
        byte[] utf8 = filter.getBytes(StandardCharsets.UTF_8);
        assertThat(subscribeTo(utf8).clause()).isEqualTo(clause);
        assertThat(unsubscribeFrom(utf8).clause()).isEqualTo(clause);
        assertThat(subscribeTo(utf8).reasonCode()).isEqualTo(ReasonCode.TOPIC_FILTER_INVALID);
        assertThat(subscribeTo(utf8).getStackTrace()).isEmpty();
    }

    @Test
    @Tag("MQTT-4.7.3-1")
    void filter_empty_isMalformedInBothPackets() {
        assertThat(subscribeTo(new byte[0]).clause()).isEqualTo("MQTT-4.7.3-1");
        assertThat(unsubscribeFrom(new byte[0]).clause()).isEqualTo("MQTT-4.7.3-1");
    }

    @ParameterizedTest
    @CsvSource({"C080, MQTT-1.5.3-1", "61EDBFBF, MQTT-1.5.3-1", "00, MQTT-1.5.3-2", "612F0062, MQTT-1.5.3-2"})
    @Tag("MQTT-3.8.3-1")
    @Tag("MQTT-3.10.3-1")
    @Tag("MQTT-4.7.3-2")
    void filter_illFormedOrWithNul_isMalformedInBothPackets(String filter, String clause) {
        assertThat(subscribeTo(Wire.bytes(filter)).clause()).isEqualTo(clause);
        assertThat(unsubscribeFrom(Wire.bytes(filter)).clause()).isEqualTo(clause);
    }

    @Test
    void filter_of65535Slashes_isMalformedInBothPackets() {
        byte[] slashes = "/".repeat(65_535).getBytes(StandardCharsets.UTF_8);
        assertThat(subscribeTo(slashes).clause()).isEqualTo("4.7.3");
        assertThat(unsubscribeFrom(slashes).clause()).isEqualTo("4.7.3");
        byte[] deep = "/".repeat(201).getBytes(StandardCharsets.UTF_8);
        assertThat(subscribeTo(deep).clause()).isEqualTo("4.7.1.1");
        assertThat(unsubscribeFrom(deep).reasonCode()).isEqualTo(ReasonCode.TOPIC_FILTER_INVALID);
    }

    private static MalformedPacketException subscribeTo(byte[] filter) {
        return Wire.failure(Wire.frame(0x82, Wire.join(new byte[] {0, 1}, Wire.field(filter), new byte[] {1})));
    }

    private static MalformedPacketException unsubscribeFrom(byte[] filter) {
        return Wire.failure(Wire.frame(0xA2, Wire.join(new byte[] {0, 1}, Wire.field(filter))));
    }
}
