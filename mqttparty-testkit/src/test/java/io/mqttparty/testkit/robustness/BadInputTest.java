package io.mqttparty.testkit.robustness;

import static io.mqttparty.testkit.Packets.bytes;
import static io.mqttparty.testkit.Packets.concat;
import static io.mqttparty.testkit.Packets.connect;
import static io.mqttparty.testkit.Packets.fixedHeader;
import static io.mqttparty.testkit.Packets.hex;
import static io.mqttparty.testkit.Packets.lengthPrefixed;
import static io.mqttparty.testkit.Packets.packet;
import static io.mqttparty.testkit.Packets.publish;
import static io.mqttparty.testkit.Packets.string;
import static io.mqttparty.testkit.Packets.subscribe;
import static io.mqttparty.testkit.Packets.uint16;
import static io.mqttparty.testkit.Packets.unsubscribe;
import static io.mqttparty.testkit.Packets.varint;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.BrokerEvent;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that are no MQTT, or not allowed: the connection is closed without a byte, it is counted, and nobody else notices. */
class BadInputTest {
    private static final String SLASHES = "/".repeat(65_535);

    @AutoClose
    private final Scene scene = Scene.start();

    // ---- before CONNECT ----

    static Stream<Arguments> badBeforeConnect() {
        Stream<Arguments> packets = Stream.of(
                violation("PUBLISH", publish("t", "x", 1, false, 1, false)),
                violation("PUBACK", Packets.puback(1)),
                violation("PUBREC", Packets.pubrec(1)),
                violation("PUBREL", Packets.pubrel(1)),
                violation("PUBCOMP", Packets.pubcomp(1)),
                violation("SUBSCRIBE", subscribe(1, "t", 0)),
                violation("UNSUBSCRIBE", unsubscribe(1, "t")),
                violation("PINGREQ", Packets.pingreq()),
                violation("DISCONNECT", Packets.disconnect()),
                malformed("CONNACK", packet(2, 0, bytes(0, 0))),
                malformed("type 0", packet(0, 0)),
                malformed("type 15", packet(15, 0)),
                malformed("HTTP", "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                malformed("hello of TLS", hex("16 03 01 02 00 01 00 01 fc 03 03")));
        Stream<Arguments> connects = Stream.of(
                malformed("flags of the fixed header", packet(1, 1, body(connect(c -> c.clientId("a"))))),
                malformed("reserved connect flag", connect(c -> c.clientId("a").flags(0x03))),
                malformed("will QoS 3", connect(c -> c.clientId("a").will("t", "x", 3, false))),
                malformed("will QoS without will", connect(c -> c.clientId("a").flags(0x0A))),
                malformed(
                        "will retain without will", connect(c -> c.clientId("a").flags(0x22))),
                malformed(
                        "password without user name",
                        connect(c -> c.clientId("a").password("p"))),
                malformed("another protocol", connect(c -> c.protocolName("MQTQ"))),
                malformed(
                        "wildcard in the will topic",
                        connect(c -> c.clientId("a").will("t/#", "x", 0, false))),
                malformed("empty will topic", connect(c -> c.clientId("a").will("", "x", 0, false))),
                malformed("will topic of slashes", connect(c -> c.clientId("a").will("/".repeat(8000), "", 0, false))),
                malformed("NUL in the client id", connect(c -> c.clientId("a\0b"))),
                malformed("NUL in the user name", connect(c -> c.clientId("a").username("\0"))),
                malformed("surrogate in the client id", connectWithId(hex("ED A0 80"))),
                malformed("overlong client id", connectWithId(hex("C0 AF"))),
                malformed("bytes left over", packet(1, 0, body(connect(c -> c.clientId("a"))), bytes(0))),
                malformed("a string beyond the packet", packet(1, 0, hex("00 04 4D 51 54 54 04 02 00 00 00 09 61"))),
                malformed("no client id at all", packet(1, 0, hex("00 04 4D 51 54 54 04 02 00 00"))),
                malformed("nothing", packet(1, 0)));
        Stream<Arguments> lengths = Stream.of(
                malformed("a length of five bytes", concat(bytes(0x10), varint(13, 5))),
                malformed("a length that never ends", hex("10 FF FF FF FF")),
                malformed("256 MiB announced", fixedHeader(1, 0, 268_435_455)),
                malformed("8 KiB and a byte announced", fixedHeader(1, 0, 8 * 1024 - 2)));
        return Stream.of(packets, connects, lengths).flatMap(all -> all);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badBeforeConnect")
    @Tag("MQTT-3.1.0-1")
    @Tag("MQTT-4.8.0-1")
    void input_bad_firstOfConnection_closedWithoutAByte(String what, byte[] bytes, Counter counter) {
        scene.raw().sendRaw(bytes).expectClosed();

        assertThat(scene.count(counter)).isEqualTo(1);
        assertThat(scene.events().events(BrokerEvent.Rejected.class)).hasSize(1);
        scene.assertOthersGoOn();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badBeforeConnect")
    void input_bad_byteByByte_closedAsWell(String what, byte[] bytes, Counter counter) {
        scene.raw().sendCut(bytes, 1).expectClosed();

        assertThat(scene.count(counter)).isEqualTo(1);
        scene.assertOthersGoOn();
    }

    @Test
    void will_topicOf65535Slashes_closedWhereTheLimitLetsSuchAConnectIn() {
        try (Scene large = Scene.limited(l -> l.withConnectPacketBytes(128 * 1024))) {
            large.raw()
                    .connect(c -> c.clientId("a").will(SLASHES, "x", 0, false))
                    .expectClosed();

            assertThat(large.count(Counter.MALFORMED_PACKETS)).isEqualTo(1);
            large.assertOthersGoOn();
        }
    }

    // ---- after CONNECT ----

    static Stream<Arguments> badAfterConnect() {
        Stream<Arguments> packets = Stream.of(
                violation("second CONNECT", connect(c -> c.clientId("bad"))),
                malformed("CONNACK", packet(2, 0, bytes(0, 0))),
                malformed("SUBACK", packet(9, 0, bytes(0, 1, 0))),
                malformed("UNSUBACK", packet(11, 0, bytes(0, 1))),
                malformed("PINGRESP", packet(13, 0)),
                malformed("type 0", packet(0, 0)),
                malformed("type 15", packet(15, 0)),
                malformed("PINGREQ with a body", packet(12, 0, bytes(0))),
                malformed("DISCONNECT with a body", packet(14, 0, bytes(0))),
                malformed("PUBACK of one byte", packet(4, 0, bytes(1))),
                malformed("PUBACK of three bytes", packet(4, 0, bytes(0, 1, 0))),
                malformed("PUBACK of packet id 0", Packets.puback(0)),
                malformed("PUBREL of packet id 0", Packets.pubrel(0)),
                malformed("a length of five bytes", concat(bytes(0x30), varint(4, 5), hex("00 01 61 62"))),
                malformed("256 KiB and a byte announced", fixedHeader(3, 0, 256 * 1024 - 3)),
                malformed("256 MiB announced", fixedHeader(3, 0, 268_435_455)));
        Stream<Arguments> flags = IntStream.of(1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
                .boxed()
                .flatMap(type -> IntStream.range(0, 16)
                        .filter(bits -> bits != flagsOf(type))
                        .mapToObj(bits -> malformed("type " + type + " flags " + bits, packet(type, bits, uint16(1)))));
        return Stream.of(packets, flags, publishes(), subscribes()).flatMap(all -> all);
    }

    private static int flagsOf(int type) {
        return type == 6 || type == 8 || type == 10 ? 2 : 0;
    }

    private static Stream<Arguments> publishes() {
        return Stream.of(
                malformed("QoS 3", publish("t", "x", 3, false, 1, false)),
                malformed("DUP at QoS 0", packet(3, 8, string("t"))),
                malformed("PUBLISH of packet id 0", publish("t", "x", 1, false, 0, false)),
                malformed("no packet id", packet(3, 2, string("t"))),
                malformed("half a packet id", packet(3, 2, string("t"), bytes(1))),
                malformed("empty topic", publish("", "x", 0, false, 0, false)),
                malformed("# in a topic", publish("a/#", "x", 0, false, 0, false)),
                malformed("+ in a topic", publish("a/+/b", "x", 0, false, 0, false)),
                malformed("NUL in a topic", publish("a\0b", "x", 0, false, 0, false)),
                malformed("a topic beyond the packet", packet(3, 0, hex("00 09 61 62"))),
                malformed("a topic of half a length", packet(3, 0, bytes(0))),
                malformed("no topic", packet(3, 0)),
                malformed("an overlong topic", topicOf("C1 81")),
                malformed("a surrogate in a topic", topicOf("ED BF BF")),
                malformed("beyond the last code point", topicOf("F4 90 80 80")),
                malformed("a cut code point", topicOf("E2 82")),
                malformed("a lone continuation byte", topicOf("80")),
                malformed("a topic of slashes", publish(SLASHES, "", 0, false, 0, false)),
                malformed("201 separators", publish("/".repeat(201), "", 0, false, 0, false)),
                malformed("a topic of 4097 bytes", publish("x".repeat(4097), "", 0, false, 0, false)));
    }

    private static Stream<Arguments> subscribes() {
        Stream<Arguments> lists = Stream.of(
                malformed("SUBSCRIBE to nothing", packet(8, 2, uint16(1))),
                malformed("UNSUBSCRIBE from nothing", packet(10, 2, uint16(1))),
                malformed("SUBSCRIBE of packet id 0", subscribe(0, "t", 0)),
                malformed("UNSUBSCRIBE of packet id 0", unsubscribe(0, "t")),
                malformed("requested QoS 3", subscribe(1, "t", 3)),
                malformed("reserved bits of the requested QoS", subscribe(1, "t", 0x84)),
                malformed("no requested QoS", packet(8, 2, uint16(1), string("t"))),
                malformed("the second filter is bad", subscribe(1, entry("t", 0), entry("", 0))));
        Stream<Arguments> filters = Stream.of(
                        "", "a\0", "#/a", "a/#/b", "a#", "a+", "+a", "a/b+/c", "##", "++", SLASHES, "/".repeat(201))
                .flatMap(BadInputTest::filter);
        Stream<Arguments> shares = Stream.of(
                        "$share",
                        "$share/",
                        "$share/g",
                        "$share/g/",
                        "$share//t",
                        "$share/+/t",
                        "$share/#/t",
                        "$share/g+/t",
                        "$share/g/a#",
                        "$share/#")
                .flatMap(BadInputTest::filter);
        return Stream.of(lists, filters, shares).flatMap(all -> all);
    }

    private static Stream<Arguments> filter(String filter) {
        String name = filter.length() > 20 ? filter.length() + " slashes" : filter.replace("\0", "NUL");
        return Stream.of(
                malformed("SUBSCRIBE " + name, subscribe(1, filter, 0)),
                malformed("UNSUBSCRIBE " + name, unsubscribe(1, filter)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badAfterConnect")
    @Tag("MQTT-4.8.0-1")
    void input_bad_afterConnect_closedWithoutAnswer(String what, byte[] bytes, Counter counter) {
        TestClient bad = scene.client("bad");

        bad.sendRaw(concat(bytes, Packets.pingreq())).expectClosed();

        assertThat(scene.count(counter)).isEqualTo(1);
        assertThat(scene.events().events(BrokerEvent.Disconnected.class)).hasSize(1);
        scene.assertOthersGoOn();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badAfterConnect")
    void input_bad_inOneSegmentWithConnect_closedAsWell(String what, byte[] bytes, Counter counter) {
        TestClient bad = scene.raw().sendRaw(concat(connect(c -> c.clientId("bad")), bytes));

        bad.expectConnack(0, false).expectClosed();

        assertThat(scene.count(counter)).isEqualTo(1);
        scene.assertOthersGoOn();
    }

    // ---- cases ----

    private static Arguments malformed(String what, byte[] bytes) {
        return arguments(what, bytes, Counter.MALFORMED_PACKETS);
    }

    private static Arguments violation(String what, byte[] bytes) {
        return arguments(what, bytes, Counter.PROTOCOL_VIOLATIONS);
    }

    private static byte[] body(byte[] packet) {
        return Arrays.copyOfRange(packet, 2, packet.length);
    }

    private static byte[] connectWithId(byte[] id) {
        return packet(1, 0, string("MQTT"), bytes(4, 2, 0, 0), lengthPrefixed(id));
    }

    private static byte[] topicOf(String hex) {
        return packet(3, 0, lengthPrefixed(hex(hex)));
    }
}
