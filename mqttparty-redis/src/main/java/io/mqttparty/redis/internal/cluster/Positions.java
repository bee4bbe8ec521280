package io.mqttparty.redis.internal.cluster;

import io.mqttparty.spi.RoutePosition;

/** Positions of the route log as Redis writes them. */
final class Positions {
    private Positions() {}

    static String write(RoutePosition position) {
        return position.high() + "-" + position.low();
    }

    static RoutePosition read(String id) {
        int dash = id.indexOf('-');
        return new RoutePosition(Long.parseLong(id.substring(0, dash)), Long.parseLong(id.substring(dash + 1)));
    }
}
