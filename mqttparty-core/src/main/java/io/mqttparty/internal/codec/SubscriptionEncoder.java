package io.mqttparty.internal.codec;

import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.internal.packet.Suback;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import java.nio.ByteBuffer;

/** Encodes SUBSCRIBE, SUBACK and UNSUBSCRIBE (sections 3.8 to 3.10). */
final class SubscriptionEncoder {
    private SubscriptionEncoder() {}

    static int remainingLength(Subscribe subscribe) {
        int length = 2;
        for (Subscription each : subscribe.subscriptions()) {
            length += Fields.lengthOf(each.filter().value()) + 1;
        }
        return length;
    }

    static void write(Subscribe subscribe, int remainingLength, ByteBuffer target) {
        PacketEncoder.writeWithPacketId(target, PacketType.SUBSCRIBE, remainingLength, subscribe.packetId());
        for (Subscription each : subscribe.subscriptions()) {
            Fields.write(each.filter().value(), target);
            target.put((byte) each.qos().value());
        }
    }

    static int remainingLength(Suback suback) {
        return 2 + suback.codes().size();
    }

    static void write(Suback suback, int remainingLength, ByteBuffer target) {
        PacketEncoder.writeWithPacketId(target, PacketType.SUBACK, remainingLength, suback.packetId());
        for (int code : suback.codes()) { // [MQTT-3.9.3-1]
            target.put((byte) code);
        }
    }

    static int remainingLength(Unsubscribe unsubscribe) {
        int length = 2;
        for (TopicFilter each : unsubscribe.filters()) {
            length += Fields.lengthOf(each.value());
        }
        return length;
    }

    static void write(Unsubscribe unsubscribe, int remainingLength, ByteBuffer target) {
        PacketEncoder.writeWithPacketId(target, PacketType.UNSUBSCRIBE, remainingLength, unsubscribe.packetId());
        for (TopicFilter each : unsubscribe.filters()) {
            Fields.write(each.value(), target);
        }
    }
}
