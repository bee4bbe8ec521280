package io.mqttparty.spi.transport;

/** Lets the module export this package until its first type is here. */
final class Placeholder {
    private Placeholder() {}
}
