package io.mqttparty.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * An MQTT 3.1.1 client for tests, packet by packet: it sends what it is told, be it legal or not, and says what comes back. It is
 * independent of the broker's codec and strict: a server packet that is malformed, out of order, or answers nothing fails the test with the
 * id of the statement that was broken.
 *
 * <pre>{@code
 * TestClient client = TestClient.connect(pipe, c -> c.clientId("a").cleanSession(false)).expectConnack(0, false);
 * client.publish("t", "hello", 1, 7).expectPuback(7);
 * }</pre>
 *
 * <p>Over a {@link LoopbackConnection} nothing waits; over a {@link SocketPipe} the deadlines of the pipe hold. Not safe for use by several
 * threads.
 */
public final class TestClient implements AutoCloseable {
    private final BytePipe pipe;
    private final Exchanges exchanges = new Exchanges();
    private final Inbox inbox;
    private int lastPacketId;

    private TestClient(BytePipe pipe) {
        this.pipe = pipe;
        this.inbox = new Inbox(pipe, exchanges);
    }

    /** A client that has sent nothing yet. */
    public static TestClient over(BytePipe pipe) {
        return new TestClient(pipe);
    }

    /** A client that has sent CONNECT and has not looked at the answer. */
    public static TestClient connect(BytePipe pipe, Consumer<ConnectSpec> spec) {
        return over(pipe).connect(spec);
    }

    /** A client that is connected with this id and a clean session. */
    public static TestClient connected(BytePipe pipe, String clientId) {
        return connect(pipe, c -> c.clientId(clientId)).expectConnack(0, false);
    }

    // Sending

    /** Sends CONNECT. */
    public TestClient connect(Consumer<ConnectSpec> spec) {
        return sendRaw(Packets.connect(spec));
    }

    /** Sends PUBLISH with QoS 0. */
    public TestClient publish(String topic, String payload) {
        return publish(topic, payload, 0, 0);
    }

    /** Sends PUBLISH, neither retained nor a duplicate. */
    public TestClient publish(String topic, String payload, int qos, int packetId) {
        return publish(topic, payload, qos, false, packetId, false);
    }

    /** Sends PUBLISH. */
    public TestClient publish(String topic, String payload, int qos, boolean retain, int packetId, boolean dup) {
        return publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, retain, packetId, dup);
    }

    /** Sends PUBLISH. */
    public TestClient publish(String topic, byte[] payload, int qos, boolean retain, int packetId, boolean dup) {
        return sendRaw(Packets.publish(topic, payload, qos, retain, packetId, dup));
    }

    /** Sends PUBACK. */
    public TestClient puback(int packetId) {
        return sendRaw(Packets.puback(packetId));
    }

    /** Sends PUBREC. */
    public TestClient pubrec(int packetId) {
        return sendRaw(Packets.pubrec(packetId));
    }

    /** Sends PUBREL. */
    public TestClient pubrel(int packetId) {
        return sendRaw(Packets.pubrel(packetId));
    }

    /** Sends PUBCOMP. */
    public TestClient pubcomp(int packetId) {
        return sendRaw(Packets.pubcomp(packetId));
    }

    /** Sends SUBSCRIBE with one filter. */
    public TestClient subscribe(int packetId, String filter, int qos) {
        return sendRaw(Packets.subscribe(packetId, filter, qos));
    }

    /** Sends SUBSCRIBE with any number of filters, each with its QoS: {@code subscribe(1, entry("a", 0), entry("b", 2))}. */
    @SafeVarargs
    public final TestClient subscribe(int packetId, Map.Entry<String, Integer>... filters) {
        return sendRaw(Packets.subscribe(packetId, filters));
    }

    /** Sends UNSUBSCRIBE. */
    public TestClient unsubscribe(int packetId, String... filters) {
        return sendRaw(Packets.unsubscribe(packetId, filters));
    }

    /** Sends PINGREQ. */
    public TestClient pingreq() {
        return sendRaw(Packets.pingreq());
    }

    /** Sends DISCONNECT; the connection stays open, for the broker to close. */
    public TestClient disconnect() {
        return sendRaw(Packets.disconnect());
    }

    /** Sends any bytes: several packets, a part of one, or none at all that the standard knows. */
    public TestClient sendRaw(byte[] bytes) {
        exchanges.onSent(bytes);
        pipe.send(bytes);
        return this;
    }

    /** Sends any bytes in pieces of this size, the last one shorter. */
    public TestClient sendCut(byte[] bytes, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("size: " + size + " (expected: at least 1)");
        }
        for (int from = 0; from < bytes.length; from += size) {
            sendRaw(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
        }
        return this;
    }

    // Receiving

    /** The next packet, which must come. */
    public ServerPacket next() {
        return inbox.await().orElseThrow(() -> nothingCame("a packet"));
    }

    /** The next packet, if one has come. */
    public Optional<ServerPacket> poll() {
        return inbox.poll();
    }

    /** The next packet that fits, which must come; those before it keep their places. */
    public ServerPacket awaitPacket(Predicate<ServerPacket> wanted) {
        return inbox.await(wanted).orElseThrow(() -> nothingCame("a packet that fits"));
    }

    /** Takes all packets that have come. */
    public List<ServerPacket> drain() {
        List<ServerPacket> all = new ArrayList<>();
        inbox.clear(all::add);
        return all;
    }

    /** The next packet is this CONNACK. */
    public TestClient expectConnack(int returnCode, boolean sessionPresent) {
        return expect(new ServerPacket.Connack(returnCode, sessionPresent));
    }

    /** The next packet is a PUBLISH of this; returned for its other fields. */
    public ServerPacket.Publish expectPublish(String topic, String payload) {
        ServerPacket.Publish packet = expect(ServerPacket.Publish.class);
        assertThat(packet.topic()).as("topic of %s", packet).isEqualTo(topic);
        assertThat(packet.text()).as("payload of %s", packet).isEqualTo(payload);
        return packet;
    }

    /** The next packet is a PUBLISH of this with this QoS. */
    public ServerPacket.Publish expectPublish(String topic, String payload, int qos) {
        ServerPacket.Publish packet = expectPublish(topic, payload);
        assertThat(packet.qos()).as("QoS of %s", packet).isEqualTo(qos);
        return packet;
    }

    /** The next packet is this PUBACK. */
    public TestClient expectPuback(int packetId) {
        return expect(new ServerPacket.Puback(packetId));
    }

    /** The next packet is this PUBREC. */
    public TestClient expectPubrec(int packetId) {
        return expect(new ServerPacket.Pubrec(packetId));
    }

    /** The next packet is this PUBREL. */
    public TestClient expectPubrel(int packetId) {
        return expect(new ServerPacket.Pubrel(packetId));
    }

    /** The next packet is this PUBCOMP. */
    public TestClient expectPubcomp(int packetId) {
        return expect(new ServerPacket.Pubcomp(packetId));
    }

    /** The next packet is this SUBACK with these codes. */
    public TestClient expectSuback(int packetId, Integer... codes) {
        return expect(new ServerPacket.Suback(packetId, List.of(codes)));
    }

    /** The next packet is this UNSUBACK. */
    public TestClient expectUnsuback(int packetId) {
        return expect(new ServerPacket.Unsuback(packetId));
    }

    /** The next packet is PINGRESP. */
    public TestClient expectPingresp() {
        return expect(new ServerPacket.Pingresp());
    }

    /** The next packet is equal to this one. */
    public TestClient expect(ServerPacket packet) {
        ServerPacket came = inbox.await().orElseThrow(() -> nothingCame(packet.toString()));
        assertThat(came).isEqualTo(packet);
        return this;
    }

    /** The next packet is of this type. */
    public <T extends ServerPacket> T expect(Class<T> type) {
        ServerPacket came = inbox.await().orElseThrow(() -> nothingCame(type.getSimpleName()));
        assertThat(came).isInstanceOf(type);
        return type.cast(came);
    }

    /** No packet has come, and the connection is open. */
    public TestClient expectNothing() {
        assertThat(inbox.poll()).as("a packet that should not come").isEmpty();
        assertThat(inbox.hasPartOfPacket()).as("a part of a packet came").isFalse();
        assertThat(pipe.isEnded()).as("the connection is closed").isFalse();
        return this;
    }

    /** The broker closes the connection and sends no further packet before. */
    public void expectClosed() {
        assertThat(inbox.await()).as("a packet before the end").isEmpty();
        assertThat(inbox.hasPartOfPacket()).as("the last packet is cut off").isFalse();
        assertThat(pipe.isEnded()).as("the connection is closed").isTrue();
    }

    // Whole exchanges

    /** The next of this client's packet ids: 1, 2, 3 … */
    public int nextPacketId() {
        lastPacketId = lastPacketId % 65_535 + 1;
        return lastPacketId;
    }

    /** Subscribes and is granted the QoS; what comes before the SUBACK stays to be received. */
    public TestClient subscribed(String filter, int qos) {
        int packetId = nextPacketId();
        subscribe(packetId, filter, qos);
        awaitAnswer(new ServerPacket.Suback(packetId, List.of(qos)), ServerPacket.Suback.class);
        return this;
    }

    /** Publishes and carries the exchange of the QoS to its end; what comes in between stays to be received. */
    public TestClient published(String topic, String payload, int qos) {
        int packetId = qos == 0 ? 0 : nextPacketId();
        publish(topic, payload, qos, packetId);
        if (qos == 1) {
            awaitAnswer(new ServerPacket.Puback(packetId), ServerPacket.Puback.class);
        } else if (qos == 2) {
            awaitAnswer(new ServerPacket.Pubrec(packetId), ServerPacket.Pubrec.class);
            pubrel(packetId).awaitAnswer(new ServerPacket.Pubcomp(packetId), ServerPacket.Pubcomp.class);
        }
        return this;
    }

    /**
     * From now on acknowledges what comes as soon as it is read: PUBLISH with PUBACK or PUBREC, PUBREL with PUBCOMP, PUBREC with PUBREL. PUBREL
     * and PUBREC are not handed out any more.
     */
    public TestClient acknowledgeAll() {
        inbox.onArrival(this::acknowledge);
        return this;
    }

    /** Closes the connection without DISCONNECT. */
    @Override
    public void close() {
        pipe.close();
    }

    /** The connection below, for what only its kind can do. What is sent and taken there is unknown to this client: use {@link #sendRaw}. */
    public BytePipe pipe() {
        return pipe;
    }

    private void awaitAnswer(ServerPacket expected, Class<? extends ServerPacket> type) {
        ServerPacket came = inbox.await(type::isInstance).orElseThrow(() -> nothingCame(expected.toString()));
        assertThat(came).isEqualTo(expected);
    }

    private boolean acknowledge(ServerPacket packet) {
        if (packet instanceof ServerPacket.Publish that && that.qos() > 0) {
            sendRaw(that.qos() == 1 ? Packets.puback(that.packetId()) : Packets.pubrec(that.packetId()));
        } else if (packet instanceof ServerPacket.Pubrel that) {
            pubcomp(that.packetId());
            return false;
        } else if (packet instanceof ServerPacket.Pubrec that) {
            pubrel(that.packetId());
            return false;
        }
        return true;
    }

    private AssertionError nothingCame(String expected) {
        return new AssertionError(
                (pipe.isEnded() ? "the connection was closed" : "nothing came") + " (expected: " + expected + ")");
    }
}
