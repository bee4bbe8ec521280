package io.mqttparty.internal.broker;

import io.mqttparty.spi.transport.ConnectionHandler;
import java.nio.ByteBuffer;

/** A connection that was closed at once because there are too many. */
final class RefusedConnection implements ConnectionHandler {
    private final Connections connections;
    private final LoopContext loop;

    RefusedConnection(Connections connections, LoopContext loop) {
        this.connections = connections;
        this.loop = loop;
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        bytes.position(bytes.limit());
    }

    @Override
    public void onWritable() {}

    @Override
    public void onClosed() {
        connections.gone(loop);
    }
}
