package io.mqttparty.spi.transport;

import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.util.List;

/**
 * One connection as the broker sees it. All methods are called on its {@link #eventLoop()}, and calls after the end of the connection are
 * ignored.
 */
public interface TransportChannel {
    /** The loop that this connection is confined to. */
    EventLoop eventLoop();

    /** The peer; with the PROXY protocol the one that the proxy named. */
    SocketAddress remoteAddress();

    /** The certificates that the peer proved with TLS, its own first; empty without. */
    List<Certificate> peerCertificates();

    /**
     * Whether the channel takes more bytes now. When it turns true again, {@link ConnectionHandler#onWritable()} is called. It is a hint: a write
     * to a channel that is not writable is kept, so the broker does not do it.
     */
    boolean isWritable();

    /** Copies the batch into one buffer and hands it to the socket without flushing. The batch is not used after the call. */
    void write(OutboundBatch batch);

    /** Sends what was written. */
    void flush();

    /**
     * Whether bytes are read from the peer. After {@code false} what is already on its way may still come; nothing is lost, since the rest stays
     * in the peer's connection, which holds it back.
     */
    void setReading(boolean reading);

    /** Closes the connection after the bytes that were flushed. {@link ConnectionHandler#onClosed()} follows, not during this call. */
    void close();
}
