package io.mqttparty.netty;

/** Lets the module export this package until its first type is here. */
final class Placeholder {
    private Placeholder() {}
}
