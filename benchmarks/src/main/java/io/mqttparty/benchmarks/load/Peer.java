package io.mqttparty.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One client of the generator: its socket, the packets in what comes, and what it has to send at the end of the turn. */
abstract class Peer {
    private static final byte[] NONE = {};

    private final Reactor reactor;
    private final SocketChannel channel;
    private final SelectionKey key;
    private byte[] tail = NONE;
    private ByteBuffer out = ByteBuffer.allocateDirect(256);
    private boolean dirty;
    private boolean accepted;
    private boolean subscribed;

    /** From whatever address the system chooses. */
    Peer(Reactor reactor, InetSocketAddress broker, byte[] connect) throws IOException {
        this(reactor, new InetSocketAddress(0).getAddress(), broker, connect);
    }

    /** Connects, blocking, and sends this CONNECT with the next flush. */
    Peer(Reactor reactor, InetAddress source, InetSocketAddress broker, byte[] connect) throws IOException {
        this.reactor = reactor;
        this.channel = SocketChannel.open();
        if (!source.isAnyLocalAddress()) {
            channel.bind(new InetSocketAddress(source, 0));
        }
        channel.connect(broker);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        this.key = channel.register(reactor.selector(), SelectionKey.OP_READ, this);
        send(connect);
    }

    /** A packet of the broker, from here to there in the buffer; the fixed header is not in it. */
    abstract void onPacket(int firstByte, ByteBuffer in, int from, int to);

    final boolean isAccepted() {
        return accepted;
    }

    final boolean isSubscribed() {
        return subscribed;
    }

    final void send(byte[] bytes) {
        room(bytes.length).put(bytes);
    }

    /** The buffer of the turn with at least this much room. */
    final ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            int size = Integer.highestOneBit(out.position() + bytes) << 1;
            out = ByteBuffer.allocateDirect(size).put(out.flip());
        }
        if (!dirty) {
            dirty = true;
            reactor.dirty(this);
        }
        return out;
    }

    final void sendAcknowledgement(int firstByte, int packetId) {
        room(4).putInt(firstByte << 24 | 2 << 16 | packetId);
    }

    /** Writes what the socket takes. */
    final void flush() throws IOException {
        dirty = false;
        out.flip();
        channel.write(out);
        boolean all = !out.hasRemaining();
        out.compact();
        key.interestOps(all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    /** Reads once, with a buffer that is valid for the call. */
    final void read(ByteBuffer in) throws IOException {
        in.clear();
        in.put(tail);
        if (channel.read(in) < 0) {
            throw new EOFException("the broker closed the connection of a client");
        }
        in.flip();
        parse(in);
        tail = NONE;
        if (in.hasRemaining()) {
            tail = new byte[in.remaining()];
            in.get(tail);
        }
    }

    private void parse(ByteBuffer in) {
        int at = in.position();
        int limit = in.limit();
        while (limit - at >= 2) {
            int body = at + 1;
            int length = 0;
            int shift = 0;
            int digit;
            do {
                digit = in.get(body++);
                length |= (digit & 0x7F) << shift;
                shift += 7;
            } while (digit < 0 && body < limit);
            if (digit < 0 || limit - body < length) {
                break;
            }
            dispatch(in.get(at), in, body, body + length);
            at = body + length;
        }
        in.position(at);
    }

    private void dispatch(int firstByte, ByteBuffer in, int from, int to) {
        int type = firstByte >> 4 & 0xF;
        if (type == Frames.CONNACK) {
            if (in.get(from + 1) != 0) {
                throw new IllegalStateException("CONNACK: " + in.get(from + 1) + " (expected: 0)");
            }
            accepted = true;
        } else if (type == Frames.SUBACK) {
            subscribed = true;
        } else {
            onPacket(firstByte, in, from, to);
        }
    }

    final void close() throws IOException {
        channel.close();
    }
}
