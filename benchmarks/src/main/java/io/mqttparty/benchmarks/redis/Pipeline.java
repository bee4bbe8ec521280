package io.mqttparty.benchmarks.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection to Redis that sends many commands at once and counts the replies. */
final class Pipeline implements AutoCloseable {
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Pipeline(int port) throws IOException {
        this.channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Puts a command into the batch. */
    void add(byte[] frame) {
        out.writeBytes(frame);
    }

    /**
     * Sends the batch and waits until so many lines were answered: a number is one, a text is two.
     *
     * @throws IOException also if one of the first replies that come in a read is an error
     */
    void exchange(int lines) throws IOException {
        ByteBuffer batch = ByteBuffer.wrap(out.toByteArray());
        out.reset();
        while (batch.hasRemaining()) {
            channel.write(batch);
        }
        int left = lines;
        while (left > 0) {
            in.clear();
            if (channel.read(in) < 0) {
                throw new EOFException("redis closed the connection");
            }
            in.flip();
            if (in.get(0) == '-') {
                throw new IOException("redis: " + UTF_8.decode(in));
            }
            for (int i = 0; i < in.limit(); i++) {
                left -= in.get(i) == '\n' ? 1 : 0;
            }
        }
    }

    /** A command as Redis reads it. */
    static byte[] frame(String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString().getBytes(UTF_8);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
