package io.mqttparty.interop;

final class MqttJsIT extends ProcessScenarios {
    MqttJsIT() {
        super(new MqttJsDriver());
    }
}
