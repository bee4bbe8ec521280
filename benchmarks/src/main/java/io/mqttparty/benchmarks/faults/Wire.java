package io.mqttparty.benchmarks.faults;

import io.mqttparty.testkit.ConnectSpec;
import io.mqttparty.testkit.Packets;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/** One connection to a broker, packet by packet. One thread reads, any may send. */
final class Wire implements AutoCloseable {
    static final int CONNACK = 2;
    static final int PUBLISH = 3;
    static final int PUBACK = 4;
    static final int PUBREC = 5;
    static final int PUBREL = 6;
    static final int PUBCOMP = 7;
    static final int SUBACK = 9;

    private final Socket socket;
    private final DataInputStream in;
    private boolean sessionPresent;

    private Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** Connects and waits for CONNACK. */
    static Wire connect(int port, String clientId, boolean cleanSession, Duration silence) throws IOException {
        return connect(port, silence, spec -> spec.clientId(clientId).cleanSession(cleanSession));
    }

    /**
     * Connects and waits for CONNACK.
     *
     * @param silence how long a read waits before it fails with {@link java.net.SocketTimeoutException}
     */
    static Wire connect(int port, Duration silence, Consumer<ConnectSpec> spec) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) silence.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
            Wire wire = new Wire(socket);
            wire.send(Packets.connect(spec));
            Packet connack = wire.next();
            if (connack.type() != CONNACK || connack.body().get(1) != 0) {
                throw new IOException("refused: " + connack.body().get(1));
            }
            wire.sessionPresent = connack.body().get(0) != 0;
            return wire;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** From now on a read waits this long. */
    void silence(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
    }

    boolean isSessionPresent() {
        return sessionPresent;
    }

    void send(byte[] packet) throws IOException {
        synchronized (socket) {
            socket.getOutputStream().write(packet);
        }
    }

    /** The next packet; fails at the end, and when nothing came for the time of silence. */
    Packet next() throws IOException {
        int first = in.read();
        if (first < 0) {
            throw new EOFException("closed");
        }
        int length = 0;
        int shift = 0;
        int digit;
        do {
            digit = in.readUnsignedByte();
            length |= (digit & 0x7F) << shift;
            shift += 7;
        } while ((digit & 0x80) != 0);
        byte[] body = new byte[length];
        in.readFully(body);
        return new Packet(first >> 4, first & 15, ByteBuffer.wrap(body));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /**
     * A packet of the broker.
     *
     * @param type of it
     * @param flags of its fixed header
     * @param body behind the fixed header
     */
    record Packet(int type, int flags, ByteBuffer body) {
        int qos() {
            return flags >> 1 & 3;
        }

        /** The packet id of an acknowledgement. */
        int packetId() {
            return Short.toUnsignedInt(body.getShort(0));
        }

        /** Topic, packet id and payload of a PUBLISH. */
        Publish publish() {
            ByteBuffer rest = body.duplicate();
            byte[] topic = new byte[Short.toUnsignedInt(rest.getShort())];
            rest.get(topic);
            int packetId = qos() == 0 ? 0 : Short.toUnsignedInt(rest.getShort());
            return new Publish(
                    new String(topic, StandardCharsets.UTF_8),
                    packetId,
                    StandardCharsets.UTF_8.decode(rest).toString());
        }
    }

    /** What a PUBLISH says. */
    record Publish(String topic, int packetId, String payload) {}
}
