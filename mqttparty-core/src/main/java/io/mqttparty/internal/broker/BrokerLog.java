package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.PeerException;
import io.mqttparty.spi.NodeId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log lines of a broker. What a peer can cause is at {@link Level#DEBUG} and costs nothing when that is off; what an operator must know is
 * at {@link Level#WARNING}, one line for each failure up to a rate, without stack trace. Ids are escaped: they may hold anything.
 */
final class BrokerLog {
    private static final Logger LOG = System.getLogger("io.mqttparty");
    private static final int LINES_PER_SECOND = 20;

    private final LogBrake brake;

    /**
     * The log of one broker.
     *
     * @param nanoTime a monotonic clock
     */
    BrokerLog(LongSupplier nanoTime) {
        this.brake = new LogBrake(nanoTime, LINES_PER_SECOND);
    }

    void peerError(ConnectionDriver connection, PeerException error) {
        if (LOG.isLoggable(Level.DEBUG)) {
            LOG.log(Level.DEBUG, "closing {0}: {1}", who(connection), error.getMessage());
        }
    }

    void publishFailed(ConnectionDriver connection, Throwable cause) {
        warn(() -> "a publish of " + who(connection) + " failed, closing it: " + clean(cause.toString()));
    }

    void spiFailed(String what, ClientId client, Throwable cause) {
        warn(() -> what + " failed for client " + clean(client.value()) + ": " + clean(cause.toString()));
    }

    void listenerFailed(Throwable cause) {
        withTrace(Level.WARNING, "a broker listener threw", cause);
    }

    void shed(int connections, long bytes) {
        LOG.log(
                Level.WARNING,
                "the byte budget was used up for a second: closing {0} connections for which most of {1} bytes is waiting",
                connections,
                bytes);
    }

    void detachAbandoned(ClientId client) {
        if (LOG.isLoggable(Level.WARNING)) {
            LOG.log(
                    Level.WARNING,
                    "the store is not told that client {0} is gone: too many wait for it already",
                    clean(client.value()));
        }
    }

    void connectTooLong(ClientId client) {
        if (LOG.isLoggable(Level.WARNING)) {
            LOG.log(Level.WARNING, "CONNECT of client {0} took too long, refusing it", clean(client.value()));
        }
    }

    void internalError(ConnectionOutput connection, Throwable cause) {
        withTrace(Level.ERROR, "closing " + who(connection) + ": internal error", cause);
    }

    void backendFailed(String what, @Nullable Throwable cause) {
        warn(() -> what + " failed: " + clean(String.valueOf(cause)));
    }

    private void warn(Supplier<String> line) {
        if (LOG.isLoggable(Level.WARNING)) {
            long leftOut = brake.admit();
            if (leftOut != LogBrake.LEFT_OUT) {
                LOG.log(Level.WARNING, line.get() + after(leftOut));
            }
        }
    }

    private void withTrace(Level level, String line, Throwable cause) {
        long leftOut = brake.admit();
        if (leftOut != LogBrake.LEFT_OUT) {
            LOG.log(level, line + after(leftOut), cause);
        }
    }

    private static String after(long leftOut) {
        return leftOut == 0 ? "" : " (" + leftOut + " lines before this one were left out)";
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
