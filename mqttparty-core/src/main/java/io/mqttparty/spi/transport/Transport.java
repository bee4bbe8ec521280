package io.mqttparty.spi.transport;

import java.util.concurrent.CompletionStage;

/**
 * One listener: a way for clients to reach the broker, such as a TCP port. A transport is a description until {@link #listen} is called;
 * one transport serves one broker.
 */
public interface Transport {
    /** A short name of the listener for logs and {@code ClientInfo}, such as {@code tcp}. */
    String name();

    /**
     * Opens the listener. The stage completes when it accepts connections and fails if it cannot, for instance because the port is used. What
     * the transport had to create for it (threads, sockets) is released again when it fails.
     *
     * @param acceptor called for each new connection on that connection's event loop
     */
    CompletionStage<Listening> listen(Acceptor acceptor);

    /** Makes the handler of a new connection. */
    @FunctionalInterface
    interface Acceptor {
        /** Called once per connection, on its event loop, before any byte of it was read. */
        ConnectionHandler onAccept(TransportChannel channel);
    }
}
