package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One connection to an HTTP server on which anything can be sent, be it HTTP or not. For one thread. */
final class RawHttp implements AutoCloseable {
    private static final int DEADLINE_MILLIS = 20_000;

    private final Socket socket;

    private RawHttp(Socket socket) {
        this.socket = socket;
    }

    static RawHttp connect(int port) {
        try {
            Socket socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(DEADLINE_MILLIS);
            socket.setTcpNoDelay(true);
            return new RawHttp(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What came back. */
    record Answer(int status, Map<String, String> headers, String body) {
        Answer has(int wanted) {
            assertThat(status).as("%s %s", headers, body).isEqualTo(wanted);
            return this;
        }

        Answer closes() {
            assertThat(headers).containsEntry("connection", "close");
            return this;
        }

        Answer keeps() {
            assertThat(headers).doesNotContainKey("connection");
            return this;
        }
    }

    /** Sends text, in which {@code \n} stands for CR LF. */
    RawHttp send(String text) {
        return sendRaw(text.replace("\n", "\r\n"));
    }

    RawHttp sendRaw(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends until the peer takes no more, at most so often; returns how often. */
    int sendWhileTaken(String text, int most) {
        for (int i = 0; i < most; i++) {
            try {
                sendRaw(text);
            } catch (UncheckedIOException e) {
                return i;
            }
        }
        return most;
    }

    /** Sends a whole request with the right token. */
    RawHttp request(String method, String target, String body) {
        return send(head(method, target) + "Content-Length: " + body.length() + "\n\n" + body);
    }

    /** The head of a request with the right token, but for its last line. */
    static String head(String method, String target) {
        return method + " " + target + " HTTP/1.1\nHost: x\nAuthorization: Bearer " + ServedBroker.TOKEN + "\n";
    }

    /** The next response, which must come. */
    Answer answer() {
        return answer(true);
    }

    /** The next response, which has headers alone. */
    Answer answerToHead() {
        return answer(false);
    }

    private Answer answer(boolean hasBody) {
        try {
            InputStream in = socket.getInputStream();
            String head = head(in);
            String[] lines = head.split("\r\n");
            Map<String, String> headers = new TreeMap<>();
            for (int i = 1; i < lines.length; i++) {
                int colon = lines[i].indexOf(':');
                String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
                assertThat(headers.put(name, lines[i].substring(colon + 1).strip()))
                        .as("header %s twice", name)
                        .isNull();
            }
            int length = hasBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
            String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            assertThat(b).as("the end after: %s", head).isNotNegative();
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Whether nothing comes within this time; else the answer has begun, or the connection has ended. */
    boolean isSilentFor(int millis) {
        try {
            socket.setSoTimeout(millis);
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            try {
                socket.setSoTimeout(DEADLINE_MILLIS);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The server closes the connection, and sends nothing before. */
    void expectClosed() {
        try {
            assertThat(socket.getInputStream().read())
                    .as("a byte before the end")
                    .isEqualTo(-1);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
