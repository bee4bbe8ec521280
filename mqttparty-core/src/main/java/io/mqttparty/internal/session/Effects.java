package io.mqttparty.internal.session;

import io.mqttparty.internal.packet.ConnackCode;
import io.mqttparty.internal.packet.Connect;
import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.DropReason;
import java.util.List;

/**
 * What a {@link ConnectionMachine} wants done, in this order. A request is answered by the input that its comment names, possibly during the
 * call. A request that fails is answered by closing the connection.
 */
public interface Effects {
    /** The ticket of a publish that nothing acknowledges. */
    int NO_TICKET = -1;

    /** CONNACK to the peer. */
    void sendConnack(ConnackCode code, boolean sessionPresent);

    /** PUBLISH to the peer; {@code packetId} is 0 at QoS 0. */
    void sendPublish(Message message, int packetId, QoS qos, boolean dup, boolean retain);

    /** PUBACK, PUBREC, PUBREL or PUBCOMP to the peer. */
    void sendAcknowledgement(PacketType type, int packetId);

    /** SUBACK to the peer. */
    void sendSuback(int packetId, List<Integer> codes);

    /** UNSUBACK to the peer. */
    void sendUnsuback(int packetId);

    /** PINGRESP to the peer. */
    void sendPingresp();

    /** Whether the peer takes more deliveries now. When it turns true, {@link ConnectionMachine#onWritable()} follows. */
    boolean isWritable();

    /** The time now in milliseconds since 1970 UTC, for deadlines of messages. */
    long currentTimeMillis();

    /** Somebody wants to connect: {@link ConnectionMachine#onAccepted} or {@link ConnectionMachine#onRefused}. */
    void connect(Connect connect);

    /** A message to be routed. Unless the ticket is {@link #NO_TICKET}, {@link ConnectionMachine#onPublished} when it is safe. */
    void publish(Message message, int ticket);

    /** A QoS 2 message of a persistent session, to be routed once for this packet id: {@link ConnectionMachine#onPublished}. */
    void publishQos2(Message message, int packetId, int ticket);

    /** PUBREL of a persistent session: {@link ConnectionMachine#onCleared} when the packet id is forgotten. */
    void clearQos2(int packetId);

    /** {@link ConnectionMachine#onSubscribed}; no packet is given to the machine before. */
    void subscribe(Subscribe subscribe);

    /** {@link ConnectionMachine#onUnsubscribed}; no packet is given to the machine before. */
    void unsubscribe(Unsubscribe unsubscribe);

    /** Reads the queue of the persistent session: {@link ConnectionMachine#onRead}. */
    void read(long afterSeq, int max);

    /** The peer has this record of the persistent session's queue; nothing answers. */
    void acknowledge(long seq);

    /** PUBREC came for this record of the persistent session's queue: {@link ConnectionMachine#onReleased}. */
    void release(long seq);

    /** PUBCOMP came for this record of the persistent session's queue: {@link ConnectionMachine#onCompleted}. */
    void complete(long seq);

    /** The peer has finished a delivery at QoS 1 or 2. */
    void finished(long seq);

    /** How far the persistent session has come; nothing answers. */
    void watermark(long sentUpTo, long acknowledgedUpTo);

    /** So many more bytes of messages wait in memory for this connection, or fewer. */
    void waiting(long bytes);

    /** A message is not delivered. */
    void drop(Message message, DropReason reason);

    /** The queue of this connection fell below a quarter of its limit: publishers that were held may go on. */
    void relieved();

    /** Ends the connection. {@link ReasonCode#SUCCESS} means that the peer sent DISCONNECT. The machine takes no input afterwards. */
    void close(ReasonCode reason);
}
