package io.mqttparty.interop;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lies between clients and the broker, passes all bytes on, and can be cut. The broker's end of a cut connection is reset. The client's end comes
 * to its end of stream, and what the client still sends is lost: libmosquitto 2.0 would lose a QoS 2 message if it could not send its PUBCOMP.
 */
final class Cable implements AutoCloseable {
    private final int brokerPort;
    private final ServerSocket server;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final AtomicLong bytesUntilCut = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean wasCut;
    private volatile boolean endedByBroker;

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

    /** Refuses connections from now on; the open ones go on. */
    void acceptNoMore() {
        close(server);
    }

    /** Cuts the connections that are open. New ones are accepted, unless that was ended too. */
    void cut() {
        wasCut = true;
        links.forEach(Link::cut);
    }

    /** Cuts the connections, once, instead of passing on more than this many bytes to a client. */
    void cutAfter(long bytes) {
        bytesUntilCut.set(bytes);
    }

    boolean wasCut() {
        return wasCut;
    }

    /** Whether the broker has closed a connection. */
    boolean endedByBroker() {
        return endedByBroker;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Link link = new Link(server.accept(), new Socket(InetAddress.getLoopbackAddress(), brokerPort));
                links.add(link);
                start("cable-up", link::up);
                start("cable-down", link::down);
            } catch (IOException e) {
                // The server is closed, or the broker is.
            }
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        acceptNoMore();
        links.forEach(Link::close);
    }

    /** One connection. */
    private final class Link {
        private final Socket client;
        private final Socket broker;
        private volatile boolean cut;

        private Link(Socket client, Socket broker) {
            this.client = client;
            this.broker = broker;
        }

        private void up() {
            try (client;
                    broker) {
                passUp();
                // After a cut: until the client closes it.
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // The client has closed it.
            }
        }

        private void passUp() throws IOException {
            try {
                client.getInputStream().transferTo(broker.getOutputStream());
            } catch (IOException e) {
                if (!cut) {
                    throw e;
                }
            }
        }

        private void down() {
            try {
                passDown();
            } catch (IOException e) {
                // One of them has closed it.
            }
            if (!cut) {
                close();
            }
        }

        private void passDown() throws IOException {
            byte[] buffer = new byte[1024];
            for (int n = readFromBroker(buffer); n >= 0; n = readFromBroker(buffer)) {
                if (bytesUntilCut.addAndGet(-n) < 0) {
                    bytesUntilCut.set(Long.MAX_VALUE);
                    Cable.this.cut();
                    return;
                }
                client.getOutputStream().write(buffer, 0, n);
            }
        }

        private int readFromBroker(byte[] buffer) throws IOException {
            try {
                int n = broker.getInputStream().read(buffer);
                endedByBroker |= n < 0;
                return n;
            } catch (IOException e) {
                // Closed on this side, or else reset by the broker.
                endedByBroker |= !broker.isClosed();
                throw e;
            }
        }

        private void cut() {
            cut = true;
            try {
                broker.setSoLinger(true, 0);
                broker.close();
                client.shutdownOutput();
            } catch (IOException e) {
                // One of them is closed already.
                close();
            }
        }

        private void close() {
            Cable.close(broker);
            Cable.close(client);
        }
    }
}
