package io.mqttparty.interop;

import java.util.List;

/** A connected client that collects what it receives. If it loses a connection of a persistent session, it connects again by itself. */
interface Subscriber extends AutoCloseable {
    /** What has come, in the order in which it came. */
    List<Received> received();

    /** Sends DISCONNECT and returns when the client is through with that. */
    void disconnect();

    /** Ends the client, in whatever way; does nothing if it has ended. */
    @Override
    void close();
}
