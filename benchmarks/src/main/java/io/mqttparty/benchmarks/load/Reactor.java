package io.mqttparty.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/** The one thread of the generator: reads all sockets that have something, then writes once to each that has something to say. */
final class Reactor implements AutoCloseable {
    private static final int BUFFER_BYTES = 512 * 1024;

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final List<Peer> dirty = new ArrayList<>();

    Reactor() throws IOException {}

    Selector selector() {
        return selector;
    }

    void dirty(Peer peer) {
        dirty.add(peer);
    }

    /** Waits until something comes, at most this long, and reads it. 0 does not wait. */
    void read(long timeoutMillis) throws IOException {
        try {
            if (timeoutMillis == 0) {
                selector.selectNow(this::ready);
            } else {
                selector.select(this::ready, timeoutMillis);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void ready(SelectionKey key) {
        Peer peer = (Peer) key.attachment();
        try {
            if (key.isReadable()) {
                peer.read(buffer);
            }
            if (key.isWritable()) {
                peer.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void flush() throws IOException {
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).flush();
        }
        dirty.clear();
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
