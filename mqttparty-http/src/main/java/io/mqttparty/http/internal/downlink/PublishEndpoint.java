package io.mqttparty.http.internal.downlink;

import io.mqttparty.DeliveryResult;
import io.mqttparty.MqttParty;
import io.mqttparty.http.internal.text.JsonWriter;
import io.mqttparty.http.spi.DownlinkResponse;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import java.util.Set;

/** {@code POST /v1/messages}: publishes to whoever is subscribed. */
final class PublishEndpoint {
    private static final Set<String> PARAMETERS = Set.of("topic", "qos", "retain");

    private final MqttParty broker;

    PublishEndpoint(MqttParty broker) {
        this.broker = broker;
    }

    Call publish(String query) {
        Parameters parameters = Parameters.parse(query, PARAMETERS);
        TopicName topic = parameters.topic("topic", broker.limits());
        QoS qos = parameters.qos(QoS.AT_LEAST_ONCE);
        boolean retain = parameters.flag("retain");
        return body -> Futures.map(broker.publish(new Message(topic, body, qos, retain)), PublishEndpoint::published);
    }

    private static DownlinkResponse published(DeliveryResult result) {
        return switch (result.outcome()) {
            case DELIVERED -> answer(Answers.OK, "delivered", result);
            case QUEUED -> answer(Answers.ACCEPTED, "queued", result);
            case NO_SUBSCRIBER -> answer(Answers.OK, "no-subscriber", result);
            case REFUSED -> Problem.UNAVAILABLE.response("the broker is closing");
        };
    }

    private static DownlinkResponse answer(int status, String name, DeliveryResult result) {
        return Answers.json(
                status,
                new JsonWriter()
                        .beginObject()
                        .member("result", name)
                        .member("delivered", result.delivered())
                        .member("queued", result.queued())
                        .endObject());
    }
}
