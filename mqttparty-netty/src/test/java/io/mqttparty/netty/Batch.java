package io.mqttparty.netty;

import io.mqttparty.spi.transport.OutboundBatch;
import java.nio.ByteBuffer;

/** One frame. */
record Batch(byte[] bytes) implements OutboundBatch {
    static Batch of(int length) {
        return new Batch(new byte[length]);
    }

    @Override
    public int length() {
        return bytes.length;
    }

    @Override
    public int frames() {
        return 1;
    }

    @Override
    public void writeTo(ByteBuffer target) {
        target.put(bytes);
    }
}
