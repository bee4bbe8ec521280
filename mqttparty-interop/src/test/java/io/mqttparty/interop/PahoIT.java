package io.mqttparty.interop;

final class PahoIT extends ClientScenarios {
    PahoIT() {
        super(new PahoDriver());
    }
}
