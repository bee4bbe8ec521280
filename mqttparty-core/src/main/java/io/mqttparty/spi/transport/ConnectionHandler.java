package io.mqttparty.spi.transport;

import java.nio.ByteBuffer;

/**
 * What the broker does with one connection. The transport calls it on the connection's event loop only and never again after {@link
 * #onClosed()}.
 */
public interface ConnectionHandler {
    /**
     * Bytes came.
     *
     * <ol>
     *   <li>The buffer belongs to the transport and is valid during the call only.
     *   <li>The handler takes all bytes: what it cannot use yet it has copied when it returns.
     * </ol>
     */
    void onBytes(ByteBuffer bytes);

    /** {@link TransportChannel#isWritable()} has turned true. */
    void onWritable();

    /** The connection is over, whoever ended it. The last call. */
    void onClosed();
}
