package io.mqttparty.internal.codec;

import io.mqttparty.internal.packet.Connect;
import io.mqttparty.model.MalformedPacketException;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.TopicName;
import io.mqttparty.model.Will;
import java.util.Optional;

/**
 * Decodes CONNECT (section 3.1) of MQTT 3.1.1, and of MQTT 3.1 by the same rules: what 3.1 leaves open is not worth a second set. The
 * rules for client ids are the session's.
 */
final class ConnectDecoder {
    static final int USERNAME = 0x80;
    static final int PASSWORD = 0x40;
    static final int WILL_RETAIN = 0x20;
    static final int WILL_QOS = 0x18;
    static final int WILL_QOS_SHIFT = 3;
    static final int WILL = 0x04;
    static final int CLEAN_SESSION = 0x02;
    static final int RESERVED = 0x01;

    private ConnectDecoder() {}

    static Connect connect(FrameReader reader, TopicReader topics) {
        ProtocolVersion version = version(reader);
        int flags = checkedFlags(reader.readByte("MQTT-3.1.2-3"));
        int keepAliveSeconds = reader.readShort("3.1.2.10");
        // The order of the payload: [MQTT-3.1.3-1]
        String clientId = reader.readString("MQTT-3.1.3-3"); // [MQTT-3.1.3-3] [MQTT-3.1.3-4]
        Optional<Will> will = (flags & WILL) != 0 ? Optional.of(will(reader, topics, flags)) : Optional.empty();
        Optional<String> username = (flags & USERNAME) != 0 // [MQTT-3.1.2-18] [MQTT-3.1.2-19]
                ? Optional.of(reader.readString("MQTT-3.1.2-19")) // [MQTT-3.1.3-11]
                : Optional.empty();
        Optional<Payload> password = (flags & PASSWORD) != 0 // [MQTT-3.1.2-20] [MQTT-3.1.2-21]
                ? Optional.of(reader.readBinary("MQTT-3.1.2-21"))
                : Optional.empty();
        reader.close("MQTT-3.1.4-1"); // [MQTT-3.1.4-1]
        boolean cleanSession = (flags & CLEAN_SESSION) != 0;
        return new Connect(version, clientId, cleanSession, keepAliveSeconds, will, username, password);
    }

    private static ProtocolVersion version(FrameReader reader) {
        ProtocolVersion named = versionOfName(reader.readString("MQTT-3.1.2-1"));
        if (reader.readByte("MQTT-3.1.2-2") != named.level()) { // [MQTT-3.1.2-2]
            throw new MalformedPacketException(
                    "MQTT-3.1.2-2", "protocol level", ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
        }
        return named;
    }

    private static ProtocolVersion versionOfName(String name) {
        return switch (name) {
            case "MQTT" -> ProtocolVersion.MQTT_3_1_1;
            case "MQIsdp" -> ProtocolVersion.MQTT_3_1;
            default -> throw new MalformedPacketException("MQTT-3.1.2-1", "protocol name"); // [MQTT-3.1.2-1]
        };
    }

    private static int checkedFlags(int flags) {
        if ((flags & RESERVED) != 0) { // [MQTT-3.1.2-3]
            throw new MalformedPacketException("MQTT-3.1.2-3", "reserved flag of CONNECT");
        }
        if ((flags & WILL) == 0) {
            checkNoWill(flags);
        }
        if ((flags & WILL_QOS) == WILL_QOS) { // [MQTT-3.1.2-14]
            throw new MalformedPacketException("MQTT-3.1.2-14", "will QoS 3");
        }
        if ((flags & USERNAME) == 0 && (flags & PASSWORD) != 0) { // [MQTT-3.1.2-22]
            throw new MalformedPacketException("MQTT-3.1.2-22", "password without user name");
        }
        return flags;
    }

    private static void checkNoWill(int flags) {
        if ((flags & WILL_QOS) != 0) { // [MQTT-3.1.2-11] [MQTT-3.1.2-13]
            throw new MalformedPacketException("MQTT-3.1.2-13", "will QoS without will");
        }
        if ((flags & WILL_RETAIN) != 0) { // [MQTT-3.1.2-11] [MQTT-3.1.2-15]
            throw new MalformedPacketException("MQTT-3.1.2-15", "will retain without will");
        }
    }

    private static Will will(FrameReader reader, TopicReader topics, int flags) {
        TopicName topic = topics.readName(reader, "MQTT-3.1.2-9"); // [MQTT-3.1.2-9] [MQTT-3.1.3-10]
        Payload payload = reader.readBinary("MQTT-3.1.2-9"); // [MQTT-3.1.2-9]
        QoS qos = QoS.of((flags & WILL_QOS) >> WILL_QOS_SHIFT);
        return new Will(new Message(topic, payload, qos, (flags & WILL_RETAIN) != 0));
    }
}
