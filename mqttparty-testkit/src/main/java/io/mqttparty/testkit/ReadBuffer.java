package io.mqttparty.testkit;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Lends bytes the way a strict transport does: a direct buffer that does not start at 0 and that is overwritten when the call returns, so
 * that who keeps it, or reads its array, is found out.
 */
final class ReadBuffer {
    private static final int OFFSET = 3;
    private static final byte OVERWRITTEN = (byte) 0xDB;

    private ByteBuffer memory = ByteBuffer.allocateDirect(512);

    void lend(byte[] bytes, Consumer<ByteBuffer> reader) {
        if (memory.capacity() < OFFSET + bytes.length) {
            memory = ByteBuffer.allocateDirect(2 * (OFFSET + bytes.length));
        }
        memory.put(OFFSET, bytes);
        try {
            reader.accept(memory.duplicate().position(OFFSET).limit(OFFSET + bytes.length));
        } finally {
            for (int i = 0; i < bytes.length; i++) {
                memory.put(OFFSET + i, OVERWRITTEN);
            }
        }
    }
}
