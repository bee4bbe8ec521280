package io.mqttparty.internal.codec;

import io.mqttparty.internal.packet.PacketSink;
import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.model.MalformedPacketException;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import java.nio.ByteBuffer;

/**
 * Decodes what clients send, for MQTT 3.1 and 3.1.1. It keeps nothing of a connection and serves all of an event loop, to which it is
 * confined: it remembers topics. A PUBLISH costs its {@link Message} and one copy of its payload, nothing else.
 */
public final class PacketDecoder {
    private final TopicReader topics;
    private final FrameReader reader = new FrameReader();

    /** A decoder with these limits. */
    public PacketDecoder(CodecLimits limits) {
        this.topics = new TopicReader(limits);
    }

    /**
     * Decodes one whole packet and hands it to the sink, as the last thing it does. The position moves behind the packet, whether or not it
     * is well-formed.
     *
     * @param frame heap or direct, positioned at the fixed header; valid during the call only, bytes behind the packet are not looked at
     * @param length what {@link FrameDecoder#frameLength} said
     * @throws MalformedPacketException if it is no packet of the standard or beyond a limit; with
     *     {@code ReasonCode.UNSUPPORTED_PROTOCOL_VERSION} it is a CONNECT that wants CONNACK 1 before the close [MQTT-3.1.2-2]
     */
    public void decode(ByteBuffer frame, int length, PacketSink sink) {
        int start = frame.position();
        int firstByte = frame.get(start);
        reader.open(frame, FixedHeader.endOf(frame, start), start + length);
        frame.position(start + length);
        PacketType type = FixedHeader.type(firstByte);
        switch (type) {
            case PUBLISH -> publish(firstByte, sink);
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> acknowledgement(type, sink);
            case SUBSCRIBE -> sink.onSubscribe(SubscriptionDecoder.subscribe(reader, topics));
            case UNSUBSCRIBE -> sink.onUnsubscribe(SubscriptionDecoder.unsubscribe(reader, topics));
            case CONNECT -> sink.onConnect(ConnectDecoder.connect(reader, topics));
            case PINGREQ -> pingreq(sink);
            case DISCONNECT -> disconnect(sink);
            case CONNACK, SUBACK, UNSUBACK, PINGRESP, RESERVED_0, RESERVED_15 ->
                throw new MalformedPacketException("2.2.1", "not a packet of a client");
        }
    }

    private void publish(int flags, PacketSink sink) {
        TopicName topic = topics.readName(reader, "MQTT-3.3.2-1"); // [MQTT-3.3.2-1]
        QoS qos = QoS.of((flags & FixedHeader.QOS) >> 1);
        int packetId = qos == QoS.AT_MOST_ONCE ? 0 : reader.readPacketId(); // [MQTT-2.3.1-5]
        Payload payload = reader.readRest();
        reader.close("3.3.3");
        Message message = new Message(topic, payload, qos, (flags & FixedHeader.RETAIN) != 0);
        sink.onPublish(message, packetId, (flags & FixedHeader.DUP) != 0);
    }

    private void acknowledgement(PacketType type, PacketSink sink) {
        int packetId = reader.readPacketId();
        reader.close("3.4.2");
        sink.onAcknowledgement(type, packetId);
    }

    private void pingreq(PacketSink sink) {
        reader.close("3.12");
        sink.onPingreq();
    }

    private void disconnect(PacketSink sink) {
        reader.close("3.14");
        sink.onDisconnect();
    }
}
