package io.mqttparty.interop;

import static io.mqttparty.interop.PahoDriver.done;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;

final class PahoSubscriber implements Subscriber, MqttCallback {
    private final MqttAsyncClient client;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    PahoSubscriber(MqttAsyncClient client) {
        this.client = client;
        client.setCallback(this);
    }

    /** Returns whether there was a session. */
    boolean connect(MqttConnectOptions options) throws MqttException {
        IMqttToken token = client.connect(options);
        done(token);
        return token.getSessionPresent();
    }

    /** Returns the QoS that was granted. */
    int subscribe(String filter, int qos) throws MqttException {
        IMqttToken token = client.subscribe(filter, qos);
        done(token);
        return token.getGrantedQos()[0];
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        String payload = new String(message.getPayload(), UTF_8);
        received.add(new Received(topic, payload, message.getQos(), message.isRetained()));
    }

    @Override
    public void connectionLost(Throwable cause) {}

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {}

    @Override
    public List<Received> received() {
        return List.copyOf(received);
    }

    @Override
    public void disconnect() {
        try {
            done(client.disconnect());
        } catch (MqttException e) {
            throw new AssertionError("Paho could not disconnect", e);
        }
    }

    @Override
    public void close() {
        try {
            if (client.isConnected()) {
                client.disconnectForcibly(0, 1);
            }
            client.close(true);
        } catch (MqttException e) {
            throw new AssertionError("Paho could not be closed", e);
        }
    }
}
