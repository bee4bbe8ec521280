package io.mqttparty.benchmarks.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection of HTTP/1.1 that sends the same request again and again and waits for each answer. It costs next to nothing itself. */
final class HttpCaller implements AutoCloseable {
    private static final String OK = "HTTP/1.1 200 ";
    private static final String LENGTH = "content-length: ";

    private final Socket socket;
    private final InputStream in;
    private final byte[] request;

    HttpCaller(int port, String target, String body) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        request = ("POST " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + DownlinkNodeMain.TOKEN
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends it and waits; fails unless the answer is 200. */
    void call() throws IOException {
        socket.getOutputStream().write(request);
        StringBuilder head = new StringBuilder(512);
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed after: " + head);
            }
            head.append((char) next);
        }
        int at = head.indexOf(LENGTH) + LENGTH.length();
        int length = Integer.parseInt(head.substring(at, head.indexOf("\r", at)));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (head.indexOf(OK) != 0) {
            throw new IOException(head + body);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
