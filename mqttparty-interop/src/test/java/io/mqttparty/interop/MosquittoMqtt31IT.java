package io.mqttparty.interop;

final class MosquittoMqtt31IT extends ProcessScenarios {
    MosquittoMqtt31IT() {
        super(MosquittoDriver.mqtt31());
    }
}
