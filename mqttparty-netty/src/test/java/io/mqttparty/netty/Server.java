package io.mqttparty.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttparty.spi.transport.ConnectionHandler;
import io.mqttparty.spi.transport.Listening;
import io.mqttparty.spi.transport.Transport;
import io.mqttparty.spi.transport.TransportChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A listener on the loopback address and the handlers of all its connections. */
final class Server<H extends ConnectionHandler> implements AutoCloseable {
    private final List<H> accepted = new CopyOnWriteArrayList<>();
    final Listening listening;

    Server(NettyTransport transport, Function<TransportChannel, H> handlers) {
        listening = join(transport.host("127.0.0.1"), channel -> {
            H handler = handlers.apply(channel);
            accepted.add(handler);
            return handler;
        });
    }

    private static Listening join(Transport transport, Transport.Acceptor acceptor) {
        return transport
                .listen(acceptor)
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listening.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        return socket;
    }

    List<H> accepted() {
        return accepted;
    }

    /** The handler of this connection, counted from 0 in the order of acceptance. */
    H accepted(int index) {
        await().until(() -> accepted.size() > index);
        return accepted.get(index);
    }

    /** The end of the connection, orderly or by a reset. */
    static void assertEnded(Socket client) throws IOException {
        try {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @Override
    public void close() {
        assertThat(listening.close().toCompletableFuture()).succeedsWithin(java.time.Duration.ofSeconds(10));
        for (H handler : accepted) {
            if (handler instanceof Recorder recorder) {
                assertThat(recorder.closes).as("onClosed").hasValue(1);
                assertThat(recorder.misplaced)
                        .as("calls off the loop or after the end")
                        .hasValue(0);
            }
        }
    }
}
