package io.mqttparty.testkit;

import io.mqttparty.spi.transport.ConnectionHandler;
import io.mqttparty.spi.transport.Listening;
import io.mqttparty.spi.transport.Transport;
import io.mqttparty.spi.transport.TransportChannel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What stands in for a broker: it records what its connections see, and does what a test gives it to do with the bytes. */
final class TinyBroker implements Transport.Acceptor {
    final List<Connection> connections = new ArrayList<>();
    private final BiConsumer<Connection, byte[]> onBytes;

    private TinyBroker(BiConsumer<Connection, byte[]> onBytes) {
        this.onBytes = onBytes;
    }

    static TinyBroker silent() {
        return new TinyBroker((connection, bytes) -> {});
    }

    static TinyBroker doing(BiConsumer<Connection, byte[]> onBytes) {
        return new TinyBroker(onBytes);
    }

    /** Sends the same bytes to whom sends anything. */
    static TinyBroker answering(byte[] answer) {
        return doing((connection, bytes) -> connection.send(answer));
    }

    static TinyBroker echoing() {
        return doing(Connection::send);
    }

    TinyBroker on(LoopbackTransport transport) {
        listen(transport);
        return this;
    }

    Listening listen(LoopbackTransport transport) {
        return transport.listen(this).toCompletableFuture().join();
    }

    Connection only() {
        return connections.get(0);
    }

    @Override
    public ConnectionHandler onAccept(TransportChannel channel) {
        Connection connection = new Connection(channel);
        connections.add(connection);
        connection.log.add("accept");
        return connection;
    }

    final class Connection implements ConnectionHandler {
        final TransportChannel channel;
        final List<String> log = new ArrayList<>();
        final List<byte[]> received = new ArrayList<>();
        final List<ByteBuffer> kept = new ArrayList<>();

        Connection(TransportChannel channel) {
            this.channel = channel;
        }

        void send(byte[] bytes) {
            channel.write(Batch.of(bytes));
            channel.flush();
        }

        /** Runs something of a test where the broker runs it. */
        void run(Runnable action) {
            channel.eventLoop().execute(action);
        }

        @Override
        public void onBytes(ByteBuffer bytes) {
            kept.add(bytes.duplicate());
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            received.add(copy);
            log.add("bytes " + new String(copy, StandardCharsets.US_ASCII));
            onBytes.accept(this, copy);
        }

        @Override
        public void onWritable() {
            log.add("writable");
        }

        @Override
        public void onClosed() {
            log.add("closed");
        }
    }
}
