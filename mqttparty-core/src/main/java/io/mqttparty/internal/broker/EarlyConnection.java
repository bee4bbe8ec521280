package io.mqttparty.internal.broker;

import io.mqttparty.spi.transport.ConnectionHandler;
import io.mqttparty.spi.transport.TransportChannel;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A connection that came while the broker was still starting: it is not read until there is somebody to read it. */
final class EarlyConnection implements ConnectionHandler {
    private final TransportChannel channel;
    private final String listener;
    private final InputTail tail = new InputTail();
    private @Nullable ConnectionHandler handler;
    private boolean closed;

    private EarlyConnection(TransportChannel channel, String listener) {
        this.channel = channel;
        this.listener = listener;
    }

    static EarlyConnection until(CompletionStage<BrokerRuntime> started, TransportChannel channel, String listener) {
        EarlyConnection connection = new EarlyConnection(channel, listener);
        channel.setReading(false);
        var unused = started.thenAccept(broker -> channel.eventLoop().execute(() -> connection.onStarted(broker)));
        return connection;
    }

    private void onStarted(BrokerRuntime broker) {
        if (closed) {
            return;
        }
        handler = broker.accepting().onAccept(channel, listener);
        channel.setReading(true);
        if (!tail.isEmpty()) {
            handler.onBytes(tail.bytes());
        }
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        if (handler != null) {
            handler.onBytes(bytes);
        } else {
            tail.append(bytes); // at most what was on its way when reading stopped
        }
    }

    @Override
    public void onWritable() {
        if (handler != null) {
            handler.onWritable();
        }
    }

    @Override
    public void onClosed() {
        closed = true;
        if (handler != null) {
            handler.onClosed();
        }
    }
}
