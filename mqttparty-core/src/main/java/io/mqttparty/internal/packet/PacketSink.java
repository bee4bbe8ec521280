package io.mqttparty.internal.packet;

import io.mqttparty.model.Message;

/**
 * Takes what a decoder found, one call per packet, in order, on the thread of the decoder. PUBLISH and the four acknowledgements come
 * without a packet object, since they are the traffic.
 */
public interface PacketSink {
    /** CONNECT came. */
    void onConnect(Connect connect);

    /** PUBLISH came; {@code packetId} is 0 at QoS 0. */
    void onPublish(Message message, int packetId, boolean dup);

    /** PUBACK, PUBREC, PUBREL or PUBCOMP came. */
    void onAcknowledgement(PacketType type, int packetId);

    /** SUBSCRIBE came. */
    void onSubscribe(Subscribe subscribe);

    /** UNSUBSCRIBE came. */
    void onUnsubscribe(Unsubscribe unsubscribe);

    /** PINGREQ came. */
    void onPingreq();

    /** DISCONNECT came. */
    void onDisconnect();
}
