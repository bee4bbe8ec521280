package io.mqttparty.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Many clients with persistent sessions that do nothing. */
public final class PersistentClients implements AutoCloseable {
    private static final int AT_ONCE = 100;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final Reactor reactor = new Reactor();
    private final List<Client> clients = new ArrayList<>();

    /** Connects so many, a hundred at once. Their client ids are this prefix and a number. */
    public PersistentClients(InetSocketAddress broker, String prefix, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(new Client(broker, prefix + i));
            if (clients.size() % AT_ONCE == 0 || clients.size() == count) {
                awaitAll();
            }
        }
    }

    private void awaitAll() throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        reactor.flush();
        while (!clients.stream().allMatch(Peer::isAccepted)) {
            if (System.nanoTime() > end) {
                throw new IOException("nothing came (expected: CONNACK)");
            }
            reactor.read(10);
        }
    }

    /** Cuts all connections. */
    @Override
    public void close() throws IOException {
        reactor.close();
    }

    private final class Client extends Peer {
        Client(InetSocketAddress broker, String clientId) throws IOException {
            super(reactor, broker, Frames.connect(clientId, false));
        }

        @Override
        void onPacket(int firstByte, ByteBuffer in, int from, int to) {
            throw new IllegalStateException("packet: " + firstByte + " (expected: none)");
        }
    }
}
