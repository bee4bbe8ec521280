package io.mqttparty.netty.internal;

import io.mqttparty.spi.transport.TransportChannel;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** What a listener says about its connections. Whatever a peer can cause is at debug level or throttled. */
final class ConnectionLog {
    static final Logger LOG = System.getLogger("io.mqttparty.netty");

    private final String listener;
    private final ThrottledLog failures = new ThrottledLog(LOG, System::nanoTime);
    private final ThrottledLog refusals = new ThrottledLog(LOG, System::nanoTime);

    ConnectionLog(String listener) {
        this.listener = listener;
    }

    /** The socket or what stands in front of the connection failed. */
    void broken(TransportChannel channel, Throwable cause) {
        if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            failed(channel, cause);
        } else if (LOG.isLoggable(Level.DEBUG)) {
            LOG.log(Level.DEBUG, listener + ": connection of " + channel.remoteAddress() + " broke: " + cause);
        }
    }

    /** The broker's handler failed. */
    void failed(TransportChannel channel, Throwable cause) {
        failures.warn(() -> listener + ": connection of " + channel.remoteAddress() + " failed and is closed", cause);
    }

    /** A connection was refused before it began. */
    void refused(TransportChannel channel, String reason) {
        refusals.warn(() -> listener + ": connection of " + channel.remoteAddress() + " refused: " + reason);
    }
}
