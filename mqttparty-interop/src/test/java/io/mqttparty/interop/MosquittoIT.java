package io.mqttparty.interop;

final class MosquittoIT extends ProcessScenarios {
    MosquittoIT() {
        super(MosquittoDriver.mqtt311());
    }
}
