package io.mqttparty.testkit;

import io.mqttparty.spi.transport.OutboundBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A batch of one frame that may say another length than it has. */
record Batch(int length, byte[] content) implements OutboundBatch {
    static Batch of(byte[] content) {
        return new Batch(content.length, content);
    }

    static Batch of(String text) {
        return of(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public int frames() {
        return 1;
    }

    @Override
    public void writeTo(ByteBuffer target) {
        target.put(content);
    }
}
