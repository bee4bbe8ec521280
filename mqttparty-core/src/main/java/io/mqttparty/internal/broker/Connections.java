package io.mqttparty.internal.broker;

import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.transport.ConnectionHandler;
import io.mqttparty.spi.transport.TransportChannel;
import java.util.concurrent.atomic.AtomicInteger;

/** Every connection from its beginning to its end: how many there are, what is counted of them, and who hears of it. Each on its loop. */
final class Connections {
    private final BrokerRuntime broker;
    private final AtomicInteger open = new AtomicInteger();

    Connections(BrokerRuntime broker) {
        this.broker = broker;
    }

    /** How many there are, accepted or not; any thread. */
    int open() {
        return open.get();
    }

    /** A connection is there. */
    ConnectionHandler onAccept(TransportChannel channel, String listener) {
        LoopContext loop = broker.loops().of(channel.eventLoop());
        loop.counters().add(Counter.CONNECTIONS_OPENED);
        if (open.incrementAndGet() > broker.limits().connections()) {
            loop.counters().add(Counter.CONNECTIONS_OVER_LIMIT);
            channel.close();
            return new RefusedConnection(this, loop);
        }
        return new ConnectionDriver(broker, loop, channel, listener);
    }

    /** CONNACK 0 is about to be sent. */
    void accepted(ConnectionDriver connection) {
        connection.loop().counters().add(Counter.CONNECTS_ACCEPTED);
    }

    /** A connection is over. */
    void closed(ConnectionDriver connection, ReasonCode reason) {
        LoopContext loop = connection.loop();
        gone(loop);
        loop.closed(connection);
        LiveSession session = connection.sessionIfAny();
        if (session == null) {
            if (reason == ReasonCode.KEEP_ALIVE_TIMEOUT) {
                loop.counters().add(Counter.CONNECT_TIMEOUTS);
            }
            broker.events().rejected(connection.channel().remoteAddress(), reason);
            return;
        }
        if (reason == ReasonCode.KEEP_ALIVE_TIMEOUT) {
            loop.counters().add(Counter.KEEP_ALIVE_TIMEOUTS);
        } else if (reason == ReasonCode.SESSION_TAKEN_OVER) {
            loop.counters().add(Counter.TAKEOVERS);
        }
        broker.events().disconnected(session.client, reason);
        broker.ends().end(connection, reason);
    }

    /** One is not there any more, whether or not it was taken. */
    void gone(LoopContext loop) {
        open.decrementAndGet();
        loop.counters().add(Counter.CONNECTIONS_CLOSED);
    }
}
