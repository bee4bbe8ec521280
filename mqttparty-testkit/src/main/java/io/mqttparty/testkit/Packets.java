package io.mqttparty.testkit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The packets of a client as bytes, written from the standard. Nothing is checked, so that a test can build what is illegal: any QoS, packet
 * id 0, topics with wildcards. What these methods cannot express is put together from {@link #packet}, {@link #string}, {@link #uint16},
 * {@link #varint} and {@link #bytes}. Each call returns a new array.
 */
public final class Packets {
    /** The packet types of table 2.1, as they stand in the first four bits of a packet. */
    static final int CONNECT = 1;

    static final int CONNACK = 2;
    static final int PUBLISH = 3;
    static final int PUBACK = 4;
    static final int PUBREC = 5;
    static final int PUBREL = 6;
    static final int PUBCOMP = 7;
    static final int SUBSCRIBE = 8;
    static final int SUBACK = 9;
    static final int UNSUBSCRIBE = 10;
    static final int UNSUBACK = 11;
    static final int PINGREQ = 12;
    static final int PINGRESP = 13;
    static final int DISCONNECT = 14;

    private Packets() {}

    /** CONNECT (section 3.1). */
    public static byte[] connect(Consumer<ConnectSpec> choice) {
        ConnectSpec spec = new ConnectSpec();
        choice.accept(spec);
        return spec.toBytes();
    }

    /** PUBLISH (section 3.3) with text. The packet id is left out at QoS 0 only. */
    public static byte[] publish(String topic, String payload, int qos, boolean retain, int packetId, boolean dup) {
        return publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, retain, packetId, dup);
    }

    /** PUBLISH (section 3.3). The packet id is left out at QoS 0 only. */
    public static byte[] publish(String topic, byte[] payload, int qos, boolean retain, int packetId, boolean dup) {
        int flags = (dup ? 8 : 0) | qos << 1 | (retain ? 1 : 0);
        byte[] id = qos == 0 ? new byte[0] : uint16(packetId);
        return packet(PUBLISH, flags, string(topic), id, payload);
    }

    /** PUBACK (section 3.4). */
    public static byte[] puback(int packetId) {
        return packet(PUBACK, 0, uint16(packetId));
    }

    /** PUBREC (section 3.5). */
    public static byte[] pubrec(int packetId) {
        return packet(PUBREC, 0, uint16(packetId));
    }

    /** PUBREL (section 3.6). */
    public static byte[] pubrel(int packetId) {
        return packet(PUBREL, 2, uint16(packetId));
    }

    /** PUBCOMP (section 3.7). */
    public static byte[] pubcomp(int packetId) {
        return packet(PUBCOMP, 0, uint16(packetId));
    }

    /** SUBSCRIBE (section 3.8) with one filter. */
    public static byte[] subscribe(int packetId, String filter, int qos) {
        return subscribe(packetId, Map.entry(filter, qos));
    }

    /** SUBSCRIBE (section 3.8) with any number of filters, each with its QoS: {@code subscribe(1, entry("a", 0), entry("b", 2))}. */
    @SafeVarargs
    public static byte[] subscribe(int packetId, Map.Entry<String, Integer>... filters) {
        byte[] all = new byte[0];
        for (Map.Entry<String, Integer> each : filters) {
            all = concat(all, string(each.getKey()), bytes(each.getValue()));
        }
        return packet(SUBSCRIBE, 2, uint16(packetId), all);
    }

    /** UNSUBSCRIBE (section 3.10). */
    public static byte[] unsubscribe(int packetId, String... filters) {
        byte[] all = new byte[0];
        for (String each : filters) {
            all = concat(all, string(each));
        }
        return packet(UNSUBSCRIBE, 2, uint16(packetId), all);
    }

    /** PINGREQ (section 3.12). */
    public static byte[] pingreq() {
        return packet(PINGREQ, 0);
    }

    /** DISCONNECT (section 3.14). */
    public static byte[] disconnect() {
        return packet(DISCONNECT, 0);
    }

    /** Any packet: its type (1 to 14 are defined), its four flag bits, the right remaining length, and these parts of its body. */
    public static byte[] packet(int type, int flags, byte[]... parts) {
        byte[] body = concat(parts);
        return concat(fixedHeader(type, flags, body.length), body);
    }

    /** A fixed header (section 2.2) with this remaining length, be it right or not. */
    public static byte[] fixedHeader(int type, int flags, int remainingLength) {
        return concat(bytes(type << 4 | flags), varint(remainingLength));
    }

    /** A remaining length (section 2.2.3) in as few bytes as it needs. */
    public static byte[] varint(int value) {
        int width = 1;
        while (width < 5 && value >>> (7 * width) != 0) {
            width++;
        }
        return varint(value, width);
    }

    /** A remaining length in this number of bytes: more than it needs, or even more than the four that are allowed. */
    public static byte[] varint(int value, int width) {
        byte[] result = new byte[width];
        for (int i = 0; i < width; i++) {
            int digit = i < 5 ? value >>> (7 * i) & 0x7F : 0;
            result[i] = (byte) (i < width - 1 ? digit | 0x80 : digit);
        }
        return result;
    }

    /** A string (section 1.5.3): two bytes of length and its UTF-8 form. */
    public static byte[] string(String text) {
        return lengthPrefixed(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Two bytes of length and these bytes, which need not be UTF-8. */
    public static byte[] lengthPrefixed(byte[] content) {
        return concat(uint16(content.length), content);
    }

    /** A number in two bytes, the high one first (section 1.5.2). */
    public static byte[] uint16(int value) {
        return bytes(value >>> 8, value);
    }

    /** These bytes, each given as a number of which the low eight bits count. */
    public static byte[] bytes(int... values) {
        byte[] result = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (byte) values[i];
        }
        return result;
    }

    /** Bytes in hexadecimal; spaces are for the reader. */
    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    /** All parts in one array. */
    public static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] each : parts) {
            length += each.length;
        }
        byte[] result = new byte[length];
        int at = 0;
        for (byte[] each : parts) {
            System.arraycopy(each, 0, result, at, each.length);
            at += each.length;
        }
        return result;
    }
}
