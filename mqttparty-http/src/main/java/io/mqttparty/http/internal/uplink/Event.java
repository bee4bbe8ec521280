package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.internal.text.Hex;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Payload;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.MessageId;

/**
 * What is to be delivered.
 *
 * @param id names it, the same for each try and each delivery of it: 32 hexadecimal digits
 * @param client whom it comes from
 * @param topic where it was published to
 * @param payload the body of the request
 * @param timeMillis when it was received, in milliseconds since 1970 UTC
 * @param sender what it came through, such as a connection: where messages of one client are delivered in order and one is given up, those that wait behind it
 *     and came through the same are given up with it; compared by identity
 */
public record Event(String id, ClientId client, TopicName topic, Payload payload, long timeMillis, Object sender) {
    /** The id of the event for a received message. */
    public static String idOf(MessageId message) {
        return Hex.of(message.high(), message.low());
    }
}
