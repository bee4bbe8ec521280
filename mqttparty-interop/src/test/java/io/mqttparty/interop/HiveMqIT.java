package io.mqttparty.interop;

final class HiveMqIT extends ClientScenarios {
    HiveMqIT() {
        super(new HiveMqDriver());
    }
}
