/** The HTTP bridge: uplink on the client of the JDK, downlink on Netty's HTTP codec. */
module io.mqttparty.http {
    requires transitive io.mqttparty.core;
    requires transitive java.net.http;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    requires transitive io.netty.transport;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires static org.jspecify;

    exports io.mqttparty.http;
    exports io.mqttparty.http.spi;
}
