package io.mqttparty.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SocketPipeTest {
    private ServerSocket listener;
    private Socket server;
    private SocketPipe pipe;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        pipe = SocketPipe.connect(listener.getInetAddress().getHostAddress(), listener.getLocalPort())
                .withDeadline(Duration.ofSeconds(30))
                .withQuietPeriod(Duration.ofMillis(20));
        server = listener.accept();
    }

    @AfterEach
    void close() throws IOException {
        pipe.close();
        server.close();
        listener.close();
    }

    @Test
    void bytes_bothWays_arrive() throws IOException {
        pipe.send("ping".getBytes(US_ASCII));
        assertThat(server.getInputStream().readNBytes(4)).asString(US_ASCII).isEqualTo("ping");

        server.getOutputStream().write("pong".getBytes(US_ASCII));
        assertThat(pipe.awaitBytes()).asString(US_ASCII).isEqualTo("pong");
        assertThat(pipe.isEnded()).isFalse();
    }

    @Test
    void nothing_comes_isEmptyAfterTheQuietPeriod() {
        assertThat(pipe.pollBytes()).isEmpty();
        assertThat(pipe.isEnded()).isFalse();
    }

    @Test
    void await_nothingComes_isEmptyAfterTheDeadline() {
        assertThat(pipe.withDeadline(Duration.ofMillis(20)).awaitBytes()).isEmpty();
    }

    @Test
    void server_closes_isEnded() throws IOException {
        server.getOutputStream().write('x');
        server.close();

        assertThat(pipe.awaitBytes()).hasSize(1);
        assertThat(pipe.awaitBytes()).isEmpty();
        assertThat(pipe.isEnded()).isTrue();
        assertThat(pipe.pollBytes()).isEmpty();
    }

    @Test
    void server_resets_isEnded() throws IOException {
        server.setSoLinger(true, 0);
        server.close();

        assertThat(pipe.awaitBytes()).isEmpty();
        assertThat(pipe.isEnded()).isTrue();
    }

    @Test
    void send_afterClose_refused() {
        pipe.close();

        assertThatThrownBy(() -> pipe.send(new byte[1])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void connect_nobodyListens_refused() throws IOException {
        int port = listener.getLocalPort();
        listener.close();

        assertThatThrownBy(() -> SocketPipe.connect("127.0.0.1", port)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void testClient_overASocket_readsWhatTheServerSends() throws IOException {
        TestClient client = TestClient.connect(pipe, c -> c.clientId("a"));
        server.getOutputStream().write(Packets.hex("20 02 0000"));
        client.expectConnack(0, false).expectNothing();

        server.close();
        client.expectClosed();
    }
}
