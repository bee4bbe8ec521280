package io.mqttparty.netty;

import io.mqttparty.spi.transport.ConnectionHandler;
import io.mqttparty.spi.transport.TransportChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes down what happens to one connection, and that it happens on its loop. */
class Recorder implements ConnectionHandler {
    final TransportChannel channel;
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger writables = new AtomicInteger();
    final AtomicInteger closes = new AtomicInteger();
    final AtomicInteger misplaced = new AtomicInteger();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Recorder(TransportChannel channel) {
        this.channel = channel;
        check();
    }

    @Override
    public void onBytes(ByteBuffer view) {
        check();
        reads.incrementAndGet();
        byte[] copy = new byte[view.remaining()];
        view.get(copy);
        bytes.writeBytes(copy);
    }

    @Override
    public void onWritable() {
        check();
        writables.incrementAndGet();
    }

    @Override
    public void onClosed() {
        check();
        closes.incrementAndGet();
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    int length() {
        return bytes.size();
    }

    String text() {
        return bytes.toString(java.nio.charset.StandardCharsets.US_ASCII);
    }

    private void check() {
        if (!channel.eventLoop().inEventLoop() || closes.get() > 0) {
            misplaced.incrementAndGet();
        }
    }
}
