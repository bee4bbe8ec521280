package io.mqttparty.internal.codec;

import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.model.MalformedPacketException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import java.util.ArrayList;
import java.util.List;

/** Decodes SUBSCRIBE (section 3.8) and UNSUBSCRIBE (section 3.10). */
final class SubscriptionDecoder {
    private static final int MAX_QOS = 2;

    private SubscriptionDecoder() {}

    static Subscribe subscribe(FrameReader reader, TopicReader topics) {
        int packetId = reader.readPacketId();
        requireFilter(reader, "MQTT-3.8.3-3"); // [MQTT-3.8.3-3]
        List<Subscription> subscriptions = new ArrayList<>();
        while (reader.hasMore()) {
            TopicFilter filter = topics.readFilter(reader, "MQTT-3.8.3-1"); // [MQTT-3.8.3-1]
            subscriptions.add(new Subscription(filter, requestedQos(reader)));
        }
        reader.close("3.8.3");
        return new Subscribe(packetId, subscriptions);
    }

    private static QoS requestedQos(FrameReader reader) {
        int options = reader.readByte("MQTT-3-8.3-4");
        if (options > MAX_QOS) { // [MQTT-3-8.3-4]
            throw new MalformedPacketException("MQTT-3-8.3-4", "requested QoS");
        }
        return QoS.of(options);
    }

    static Unsubscribe unsubscribe(FrameReader reader, TopicReader topics) {
        int packetId = reader.readPacketId();
        requireFilter(reader, "MQTT-3.10.3-2"); // [MQTT-3.10.3-2]
        List<TopicFilter> filters = new ArrayList<>();
        while (reader.hasMore()) {
            filters.add(topics.readFilter(reader, "MQTT-3.10.3-1")); // [MQTT-3.10.3-1]
        }
        reader.close("3.10.3");
        return new Unsubscribe(packetId, filters);
    }

    private static void requireFilter(FrameReader reader, String clause) {
        if (!reader.hasMore()) {
            throw new MalformedPacketException(clause, "no topic filter");
        }
    }
}
