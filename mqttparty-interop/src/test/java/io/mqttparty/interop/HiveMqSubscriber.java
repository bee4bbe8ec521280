package io.mqttparty.interop;

import static io.mqttparty.interop.HiveMqDriver.done;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscribe;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.suback.Mqtt3SubAckReturnCode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

final class HiveMqSubscriber implements Subscriber {
    private final Mqtt3AsyncClient client;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    HiveMqSubscriber(Mqtt3AsyncClient client) {
        this.client = client;
        client.publishes(MqttGlobalPublishFilter.ALL, this::onMessage);
    }

    private void onMessage(Mqtt3Publish message) {
        String payload = new String(message.getPayloadAsBytes(), UTF_8);
        int qos = message.getQos().getCode();
        received.add(new Received(message.getTopic().toString(), payload, qos, message.isRetain()));
    }

    /** Returns whether there was a session. */
    boolean connect(boolean cleanSession) {
        Mqtt3Connect connect = Mqtt3Connect.builder().cleanSession(cleanSession).build();
        return done(client.connect(connect)).isSessionPresent();
    }

    void subscribe(String filter, MqttQos qos) {
        Mqtt3Subscribe subscribe =
                Mqtt3Subscribe.builder().topicFilter(filter).qos(qos).build();
        List<Mqtt3SubAckReturnCode> granted = done(client.subscribe(subscribe)).getReturnCodes();
        assertThat(granted).containsExactly(Mqtt3SubAckReturnCode.fromCode(qos.getCode()));
    }

    @Override
    public List<Received> received() {
        return List.copyOf(received);
    }

    @Override
    public void disconnect() {
        done(client.disconnect());
    }

    @Override
    public void close() {
        if (client.getState().isConnectedOrReconnect()) {
            disconnect();
        }
    }
}
