/** The Redis backend, on Lettuce. */
module io.mqttparty.redis {
    requires transitive io.mqttparty.core;
    requires transitive lettuce.core;
    requires io.netty.buffer;
    requires io.netty.common;
    requires static org.jspecify;

    exports io.mqttparty.redis;
}
