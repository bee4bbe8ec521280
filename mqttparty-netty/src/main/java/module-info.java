/** The TCP, TLS and WebSocket transport on Netty. */
module io.mqttparty.netty {
    requires transitive io.mqttparty.core;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires static io.netty.codec.haproxy;
    requires static io.netty.codec.http;
    requires static io.netty.transport.classes.epoll;
    requires static org.jspecify;

    exports io.mqttparty.netty;
}
