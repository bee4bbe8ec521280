package io.mqttparty.internal.codec;

import io.mqttparty.internal.packet.Connect;
import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.model.Message;
import io.mqttparty.model.ProtocolVersion;
import java.nio.ByteBuffer;

/** Encodes CONNECT (section 3.1). */
final class ConnectEncoder {
    private ConnectEncoder() {}

    static int remainingLength(Connect connect) {
        int fixed = Fields.lengthOf(protocolName(connect.version())) + 1 + 1 + 2;
        return fixed
                + Fields.lengthOf(connect.clientId())
                + connect.will().map(will -> willLength(will.message())).orElse(0)
                + connect.username().map(Fields::lengthOf).orElse(0)
                + connect.password().map(Fields::lengthOf).orElse(0);
    }

    private static int willLength(Message will) {
        return 2 + will.topic().utf8Length() + Fields.lengthOf(will.payload());
    }

    static void write(Connect connect, int remainingLength, ByteBuffer target) {
        FixedHeader.write(target, PacketType.CONNECT, 0, remainingLength);
        Fields.write(protocolName(connect.version()), target);
        target.put((byte) connect.version().level());
        target.put((byte) flags(connect));
        target.putShort((short) connect.keepAliveSeconds());
        Fields.write(connect.clientId(), target); // [MQTT-3.1.3-1]
        connect.will().ifPresent(will -> writeWill(will.message(), target));
        connect.username().ifPresent(username -> Fields.write(username, target));
        connect.password().ifPresent(password -> Fields.write(password, target));
    }

    private static int flags(Connect connect) {
        return (connect.cleanSession() ? ConnectDecoder.CLEAN_SESSION : 0)
                | connect.will().map(will -> willFlags(will.message())).orElse(0)
                | (connect.username().isPresent() ? ConnectDecoder.USERNAME : 0)
                | (connect.password().isPresent() ? ConnectDecoder.PASSWORD : 0);
    }

    private static int willFlags(Message will) {
        return ConnectDecoder.WILL
                | will.qos().value() << ConnectDecoder.WILL_QOS_SHIFT
                | (will.retain() ? ConnectDecoder.WILL_RETAIN : 0);
    }

    private static void writeWill(Message will, ByteBuffer target) {
        target.putShort((short) will.topic().utf8Length());
        will.topic().writeUtf8(target);
        Fields.write(will.payload(), target);
    }

    private static String protocolName(ProtocolVersion version) {
        return switch (version) {
            case MQTT_3_1 -> "MQIsdp";
            case MQTT_3_1_1 -> "MQTT";
        };
    }
}
