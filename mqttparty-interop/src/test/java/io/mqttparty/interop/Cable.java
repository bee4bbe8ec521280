package io.mqttparty.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Lies between a client and the broker, passes all bytes on, and can be cut. Both ends of a cut connection get a TCP reset. */
final class Cable implements AutoCloseable {
    private final int brokerPort;
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean endedByBroker;
    private final AtomicLong bytesUntilCut = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean wasCut;

    private Cable(int brokerPort) throws IOException {
        this.brokerPort = brokerPort;
        server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        start("cable-accept", this::accept);
    }

    static Cable to(int brokerPort) {
        try {
            return new Cable(brokerPort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** Whether the broker has closed a connection. */
    boolean endedByBroker() {
        return endedByBroker;
    }

    /** Refuses connections from now on; the open ones go on. */
    void acceptNoMore() {
        close(server);
    }

    /** Resets what is open. */
    void cut() {
        wasCut = true;
        sockets.forEach(Cable::reset);
        sockets.clear();
    }

    /** Resets the connections, once, when more than this many bytes have come for the client from now on. */
    void cutAfter(long bytes) {
        bytesUntilCut.set(bytes);
    }

    boolean wasCut() {
        return wasCut;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
                sockets.addAll(List.of(client, broker));
                start("cable-up", () -> up(client, broker));
                start("cable-down", () -> down(broker, client));
            } catch (IOException e) {
                // The server is closed, or the client has gone already.
            }
        }
    }

    private static void up(Socket client, Socket broker) {
        try (client;
                broker) {
            client.getInputStream().transferTo(broker.getOutputStream());
        } catch (IOException e) {
            // One of them has closed it; now both are closed.
        }
    }

    private void down(Socket broker, Socket client) {
        try (broker;
                client) {
            byte[] buffer = new byte[1024];
            for (int n = read(broker, buffer); n >= 0; n = read(broker, buffer)) {
                if (bytesUntilCut.addAndGet(-n) < 0) {
                    bytesUntilCut.set(Long.MAX_VALUE);
                    cut();
                    return;
                }
                client.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException e) {
            // As above.
        }
    }

    private int read(Socket broker, byte[] buffer) throws IOException {
        try {
            int n = broker.getInputStream().read(buffer);
            endedByBroker |= n < 0;
            return n;
        } catch (IOException e) {
            // Closed on our side, or else reset by the broker.
            endedByBroker |= !broker.isClosed();
            throw e;
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
        close(socket);
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new AssertionError("a socket could not be closed", e);
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        acceptNoMore();
        cut();
    }
}
