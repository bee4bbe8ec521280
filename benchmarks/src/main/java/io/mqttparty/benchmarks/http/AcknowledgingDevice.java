package io.mqttparty.benchmarks.http;

import io.mqttparty.testkit.Packets;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A device on a thread of its own that answers each PUBLISH at QoS 1 with PUBACK, and does nothing else. */
final class AcknowledgingDevice implements AutoCloseable {
    private static final int PUBLISH = 3;

    private final Socket socket;
    private final DataInputStream in;

    AcknowledgingDevice(int port, String clientId, boolean cleanSession) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        socket.getOutputStream()
                .write(Packets.connect(
                        c -> c.clientId(clientId).cleanSession(cleanSession).keepAlive(0)));
        read();
        Thread thread = new Thread(this::acknowledge, "device-" + clientId);
        thread.setDaemon(true);
        thread.start();
    }

    private void acknowledge() {
        try {
            while (true) {
                read();
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void read() throws IOException {
        int first = in.readUnsignedByte();
        int length = 0;
        int shift = 0;
        int digit;
        do {
            digit = in.readUnsignedByte();
            length |= (digit & 0x7F) << shift;
            shift += 7;
        } while ((digit & 0x80) != 0);
        byte[] body = in.readNBytes(length);
        if (first >> 4 == PUBLISH) {
            int topicBytes = number(body, 0);
            socket.getOutputStream().write(Packets.puback(number(body, 2 + topicBytes)));
        }
    }

    private static int number(byte[] bytes, int at) {
        return ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
