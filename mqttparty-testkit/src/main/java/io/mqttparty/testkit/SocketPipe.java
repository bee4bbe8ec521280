package io.mqttparty.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;

/**
 * A real connection for a {@link TestClient}: TCP, or any other kind of socket such as one of TLS. Waiting for bytes ends after a
 * deadline, and {@link #pollBytes} needs a quiet period to be sure that nothing comes. For one thread.
 */
public final class SocketPipe implements BytePipe {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration QUIET_PERIOD = Duration.ofMillis(200);

    private final Socket socket;
    private final Duration deadline;
    private final Duration quietPeriod;
    private final byte[] buffer = new byte[64 * 1024];
    private boolean ended;

    private SocketPipe(Socket socket, Duration deadline, Duration quietPeriod) {
        this.socket = socket;
        this.deadline = deadline;
        this.quietPeriod = quietPeriod;
    }

    /**
     * Connects over TCP with a deadline of 5 seconds and a quiet period of 200 milliseconds.
     *
     * @throws UncheckedIOException if that fails
     */
    public static SocketPipe connect(String host, int port) {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(DEADLINE.toMillis()));
            return over(socket);
        } catch (IOException e) {
            close(socket);
            throw new UncheckedIOException(e);
        }
    }

    /** Uses a socket that is connected, and closes it in the end. */
    public static SocketPipe over(Socket socket) {
        return new SocketPipe(socket, DEADLINE, QUIET_PERIOD);
    }

    /** The same connection with another deadline; this object is not used any more. */
    public SocketPipe withDeadline(Duration other) {
        return new SocketPipe(socket, other, quietPeriod);
    }

    /** The same connection with another quiet period; this object is not used any more. */
    public SocketPipe withQuietPeriod(Duration other) {
        return new SocketPipe(socket, deadline, other);
    }

    /** {@inheritDoc} It blocks while the socket is full. */
    @Override
    public void send(byte[] bytes) {
        if (socket.isClosed()) {
            throw new IllegalStateException("the client has closed the connection (expected: open)");
        }
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // The broker closed it: reading finds what it sent before, and then the end.
        }
    }

    @Override
    public byte[] awaitBytes() {
        return read(deadline);
    }

    @Override
    public byte[] pollBytes() {
        return read(quietPeriod);
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public void close() {
        ended = true;
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] read(Duration patience) {
        if (ended) {
            return new byte[0];
        }
        try {
            socket.setSoTimeout(Math.max(1, Math.toIntExact(patience.toMillis())));
            int count = socket.getInputStream().read(buffer);
            ended = count < 0;
            return Arrays.copyOf(buffer, Math.max(0, count));
        } catch (SocketTimeoutException e) {
            return new byte[0];
        } catch (IOException e) { // reset
            ended = true;
            return new byte[0];
        }
    }
}
