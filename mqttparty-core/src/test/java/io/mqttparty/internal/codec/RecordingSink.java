package io.mqttparty.internal.codec;

import io.mqttparty.internal.packet.Connect;
import io.mqttparty.internal.packet.Disconnect;
import io.mqttparty.internal.packet.Packet;
import io.mqttparty.internal.packet.PacketSink;
import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.internal.packet.Pingreq;
import io.mqttparty.internal.packet.Puback;
import io.mqttparty.internal.packet.Pubcomp;
import io.mqttparty.internal.packet.Publish;
import io.mqttparty.internal.packet.Pubrec;
import io.mqttparty.internal.packet.Pubrel;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.model.Message;
import java.util.ArrayList;
import java.util.List;

/** Makes packets again of what the decoder tells. */
final class RecordingSink implements PacketSink {
    private final List<Packet> packets = new ArrayList<>();

    List<Packet> packets() {
        return packets;
    }

    @Override
    public void onConnect(Connect connect) {
        packets.add(connect);
    }

    @Override
    public void onPublish(Message message, int packetId, boolean dup) {
        packets.add(new Publish(message, packetId, dup));
    }

    @Override
    public void onAcknowledgement(PacketType type, int packetId) {
        packets.add(
                switch (type) {
                    case PUBACK -> new Puback(packetId);
                    case PUBREC -> new Pubrec(packetId);
                    case PUBREL -> new Pubrel(packetId);
                    case PUBCOMP -> new Pubcomp(packetId);
                    default -> throw new AssertionError(type);
                });
    }

    @Override
    public void onSubscribe(Subscribe subscribe) {
        packets.add(subscribe);
    }

    @Override
    public void onUnsubscribe(Unsubscribe unsubscribe) {
        packets.add(unsubscribe);
    }

    @Override
    public void onPingreq() {
        packets.add(new Pingreq());
    }

    @Override
    public void onDisconnect() {
        packets.add(new Disconnect());
    }
}
