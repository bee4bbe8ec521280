/** The TCP, TLS and WebSocket transport on Netty. */
module io.mqttparty.netty {
    requires transitive io.mqttparty.core;
    requires transitive io.netty.buffer;
    requires transitive io.netty.transport;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.handler;
    requires static io.netty.codec.haproxy;
    requires static io.netty.codec.http;
    requires static io.netty.transport.classes.epoll;
    requires static org.jspecify;

    exports io.mqttparty.netty;
}
