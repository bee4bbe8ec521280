/** The MQTT codec, the session state machine and the SPIs, without any dependency. */
module io.mqttparty.core {
    requires static jdk.jfr;
    requires static org.jspecify;

    exports io.mqttparty;
    exports io.mqttparty.model;
    exports io.mqttparty.spi;
    exports io.mqttparty.spi.transport;
}
