package io.mqttparty.spi.transport;

import java.nio.ByteBuffer;

/** Whole frames that leave together: the transport makes one buffer of exactly this size for them. Valid during the call that it is given to. */
public interface OutboundBatch {
    /** The number of bytes of all frames. */
    int length();

    /** The number of frames. */
    int frames();

    /** Writes all frames; exactly {@link #length()} bytes. */
    void writeTo(ByteBuffer target);
}
