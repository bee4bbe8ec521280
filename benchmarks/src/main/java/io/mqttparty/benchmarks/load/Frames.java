package io.mqttparty.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The packets that the generator sends, as bytes. */
final class Frames {
    static final int CONNACK = 2;
    static final int PUBLISH = 3;
    static final int PUBACK = 4;
    static final int PUBREC = 5;
    static final int PUBREL = 6;
    static final int PUBCOMP = 7;
    static final int SUBACK = 9;

    private Frames() {}

    /** CONNECT with a clean session and without keep alive. */
    static byte[] connect(String clientId) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        string(body, "MQTT");
        body.write(4);
        body.write(2);
        uint16(body, 0);
        string(body, clientId);
        return frame(0x10, body);
    }

    /** SUBSCRIBE with packet id 1 and one filter. */
    static byte[] subscribe(String filter, int qos) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        uint16(body, 1);
        string(body, filter);
        body.write(qos);
        return frame(0x82, body);
    }

    /** PUBLISH with a payload of zeros and, above QoS 0, packet id 0: both are filled in later. */
    static byte[] publish(String topic, int qos, int payloadBytes) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        string(body, topic);
        if (qos > 0) {
            uint16(body, 0);
        }
        body.writeBytes(new byte[payloadBytes]);
        return frame(0x30 | qos << 1, body);
    }

    private static byte[] frame(int firstByte, ByteArrayOutputStream body) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(firstByte);
        int length = body.size();
        while (length > 127) {
            frame.write((length & 0x7F) | 0x80);
            length >>>= 7;
        }
        frame.write(length);
        frame.writeBytes(body.toByteArray());
        return frame.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        uint16(out, utf8.length);
        out.writeBytes(utf8);
    }

    private static void uint16(ByteArrayOutputStream out, int value) {
        out.write(value >>> 8);
        out.write(value);
    }
}
