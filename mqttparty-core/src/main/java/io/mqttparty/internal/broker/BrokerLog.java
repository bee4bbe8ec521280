package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.PeerException;
import io.mqttparty.spi.NodeId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The log lines of a broker. What a peer can cause is at {@link Level#DEBUG} and costs nothing when that is off; what an operator must know is
 * at {@link Level#WARNING}, one line for each failure, without stack trace. Ids are escaped: they may hold anything.
 */
final class BrokerLog {
    private static final Logger LOG = System.getLogger("io.mqttparty");

    void peerError(ConnectionDriver connection, PeerException error) {
        if (LOG.isLoggable(Level.DEBUG)) {
            LOG.log(Level.DEBUG, "closing {0}: {1}", who(connection), error.getMessage());
        }
    }

    void publishFailed(ConnectionDriver connection, Throwable cause) {
        if (LOG.isLoggable(Level.WARNING)) {
            LOG.log(
                    Level.WARNING,
                    "a publish of {0} failed, closing it: {1}",
                    who(connection),
                    clean(cause.toString()));
        }
    }

    void spiFailed(String what, ClientId client, Throwable cause) {
        if (LOG.isLoggable(Level.WARNING)) {
            LOG.log(
                    Level.WARNING,
                    "{0} failed for client {1}: {2}",
                    what,
                    clean(client.value()),
                    clean(cause.toString()));
        }
    }

    void listenerFailed(Throwable cause) {
        LOG.log(Level.WARNING, "a broker listener threw", cause);
    }

    void internalError(ConnectionOutput connection, Throwable cause) {
        LOG.log(Level.ERROR, "closing " + who(connection) + ": internal error", cause);
    }

    void backendFailed(String what, @Nullable Throwable cause) {
        LOG.log(Level.WARNING, "{0} failed: {1}", what, clean(String.valueOf(cause)));
    }

    void fenced(NodeId node) {
        LOG.log(Level.WARNING, "node {0} is no member of the cluster any more; all its connections are closed", node);
    }

    void joined(NodeId node) {
        LOG.log(Level.INFO, "joined the cluster again as node {0}", node);
    }

    void gap() {
        LOG.log(Level.WARNING, "records of other nodes were lost; transient sessions at QoS 1 and 2 are closed");
    }

    private static String who(ConnectionOutput connection) {
        LiveSession session = connection.sessionIfAny();
        return session == null
                ? connection.channel().remoteAddress().toString()
                : "client " + clean(session.clientId().value());
    }

    /** The text with everything that could forge a line or steer a terminal replaced, and not longer than a line. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), 256));
        text.codePoints().limit(256).forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                clean.append(String.format("\\u%04x", c));
            } else {
                clean.appendCodePoint(c);
            }
        });
        return clean.toString();
    }
}
