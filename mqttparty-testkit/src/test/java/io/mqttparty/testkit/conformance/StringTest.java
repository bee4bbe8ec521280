package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.bytes;
import static io.mqttparty.testkit.Packets.concat;
import static io.mqttparty.testkit.Packets.hex;
import static io.mqttparty.testkit.Packets.lengthPrefixed;
import static io.mqttparty.testkit.Packets.packet;
import static io.mqttparty.testkit.Packets.string;
import static io.mqttparty.testkit.Packets.uint16;

import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Section 1.5.3: strings, wherever a client sends them. */
final class StringTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start();

    /** A packet with this string in one of its places, behind a CONNECT if it is not one. */
    private enum Place {
        CLIENT_ID(true, s -> connect(0x02, s)),
        WILL_TOPIC(true, s -> connect(0x06, string("c"), s, string("gone"))),
        USERNAME(true, s -> connect(0x82, string("c"), s)),
        TOPIC_NAME(false, s -> packet(3, 0, s, string("payload"))),
        TOPIC_FILTER(false, s -> packet(8, 2, uint16(1), s, bytes(0))),
        TOPIC_FILTER_OF_UNSUBSCRIBE(false, s -> packet(10, 2, uint16(1), s));

        private final boolean isFirst;
        private final Function<byte[], byte[]> packet;

        Place(boolean isFirst, Function<byte[], byte[]> packet) {
            this.isFirst = isFirst;
            this.packet = packet;
        }

        private static byte[] connect(int flags, byte[]... payload) {
            return packet(1, 0, string("MQTT"), bytes(4, flags), uint16(0), concat(payload));
        }
    }

    static Stream<Arguments> illFormed() {
        return everywhere("C0 80", "ED A0 80", "ED BF BF", "ED A0 80 ED B0 80", "F4 90 80 80", "E2 82", "80", "FF");
    }

    static Stream<Arguments> nul() {
        return everywhere("00", "61 00 62");
    }

    private static Stream<Arguments> everywhere(String... contents) {
        return Stream.of(Place.values()).flatMap(place -> Stream.of(contents).map(hex -> Arguments.of(place, hex)));
    }

    @ParameterizedTest
    @MethodSource("illFormed")
    @Tag("MQTT-1.5.3-1")
    @Tag("MQTT-3.1.3-4")
    @Tag("MQTT-3.1.3-10")
    @Tag("MQTT-3.1.3-11")
    @Tag("MQTT-3.3.2-1")
    @Tag("MQTT-3.8.3-1")
    @Tag("MQTT-3.10.3-1")
    void string_illFormed_closesWithoutAnswer(Place place, String content) {
        broker.assertBroken(send(place, hex(content)), Counter.MALFORMED_PACKETS);
    }

    @ParameterizedTest
    @MethodSource("nul")
    @Tag("MQTT-1.5.3-2")
    @Tag("MQTT-4.7.3-2")
    void string_withNul_closesWithoutAnswer(Place place, String content) {
        broker.assertBroken(send(place, hex(content)), Counter.MALFORMED_PACKETS);
    }

    private TestClient send(Place place, byte[] content) {
        TestClient client = place.isFirst ? broker.raw() : broker.client("c");
        return client.sendRaw(place.packet.apply(lengthPrefixed(content)));
    }

    @Test
    @Tag("MQTT-1.5.3-3")
    void byteOrderMark_inTopics_isACharacterLikeOthers() {
        TestClient marked = broker.client("marked").subscribed("\uFEFFa\uFEFF", 0);
        TestClient plain = broker.client("plain").subscribed("a", 0);

        broker.client("p").published("\uFEFFa\uFEFF", "1", 0).published("a", "2", 0);

        marked.expectPublish("\uFEFFa\uFEFF", "1");
        marked.expectNothing();
        plain.expectPublish("a", "2");
        plain.expectNothing();
    }

    @Test
    @Tag("MQTT-1.5.3-1")
    void wellFormed_ofEveryLength_comesThrough() {
        String topic = "a/\u0080/\u07FF/\u0800/\uD7FF/\uE000/\uFFFD/\uD800\uDC00/\uDBFF\uDFFD";
        TestClient client = broker.client("\u00E4\u6C34\uD83D\uDE00").subscribed(topic, 1);

        client.published(topic, "\uD83D\uDE00", 0);

        client.expectPublish(topic, "\uD83D\uDE00", 0);
    }
}
