package io.mqttparty.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY header in front of a connection. */
@ExtendWith(NoLeaks.class)
class ProxyProtocolTest {
    private static final String V1 = "PROXY TCP4 203.0.113.7 198.51.100.2 54321 1883\r\n";
    private static final byte[] V2_SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final ProxyProtocol LOOPBACK = ProxyProtocol.from("127.0.0.0/8", "::1");

    private static NettyTransport tcp(ProxyProtocol proxy) {
        return NettyTransport.tcp(0).eventLoopThreads(1).proxyProtocol(proxy);
    }

    @ParameterizedTest
    @EnumSource
    void v1_withPayloadInOneSegment_namesThePeer(IoModel model) throws IOException {
        assertPeer(tcp(LOOPBACK).ioModel(model), V1.getBytes(US_ASCII), new InetSocketAddress("203.0.113.7", 54321));
    }

    @Test
    void v1_ipv6_namesThePeer() throws IOException {
        byte[] header = "PROXY TCP6 2001:db8::7 2001:db8::1 1 1883\r\n".getBytes(US_ASCII);
        assertPeer(tcp(LOOPBACK), header, new InetSocketAddress("2001:db8::7", 1));
    }

    @Test
    void v1_unknown_keepsTheRealPeer() throws IOException {
        assertPeer(tcp(LOOPBACK), "PROXY UNKNOWN\r\n".getBytes(US_ASCII), null);
    }

    @ParameterizedTest
    @EnumSource
    void v2_withPayloadInOneSegment_namesThePeer(IoModel model) throws IOException {
        assertPeer(tcp(LOOPBACK).ioModel(model), v2(1, 0x11, ipv4()), new InetSocketAddress("203.0.113.7", 54321));
    }

    @Test
    void v2_additionalFields_areReadOver() throws IOException {
        byte[] fields = ByteBuffer.allocate(12 + 3 + 200)
                .put(ipv4())
                .put((byte) 0xea)
                .putShort((short) 200)
                .array();
        assertPeer(tcp(LOOPBACK), v2(1, 0x11, fields), new InetSocketAddress("203.0.113.7", 54321));
    }

    @Test
    void v2_local_keepsTheRealPeer() throws IOException {
        assertPeer(tcp(LOOPBACK), v2(0, 0, new byte[0]), null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void header_byteByByte_namesThePeer(boolean first) throws IOException {
        byte[] header = first ? V1.getBytes(US_ASCII) : v2(1, 0x11, ipv4());
        try (Server<Recorder> server = new Server<>(tcp(LOOPBACK), Recorder::new);
                Socket client = server.connect()) {
            for (byte b : header) {
                assertThat(server.accepted()).isEmpty();
                client.getOutputStream().write(b);
            }
            assertThat(server.accepted(0).channel.remoteAddress())
                    .isEqualTo(new InetSocketAddress("203.0.113.7", 54321));
            client.getOutputStream().write("payload".getBytes(US_ASCII));
            await().until(() -> server.accepted(0).text().equals("payload"));
        }
    }

    @Test
    void header_readingPausedAtAccept_losesNothing() throws IOException {
        byte[] payload = new byte[500_000];
        try (Server<Recorder> server = new Server<>(tcp(LOOPBACK), channel -> {
                    channel.setReading(false);
                    return new Recorder(channel);
                });
                Socket client = server.connect()) {
            client.getOutputStream().write(concat(V1.getBytes(US_ASCII), payload));
            Recorder recorder = server.accepted(0);
            Loops.run(recorder.channel.eventLoop(), () -> recorder.channel.setReading(true));
            await().until(() -> recorder.length() == payload.length);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "PROXY TCP4 203.0.113.7\r\n.....",
                "PROXY TCP4 not.an.address 198.51.100.2 1 2\r\n",
                "PROXY TCP4 203.0.113.7 198.51.100.2 99999 1883\r\n",
                "\u0010\u0012\u0000\u0004MQTT\u0004\u0002\u0000\u003c\u0000\u0006client"
            })
    void header_garbage_closes(String sent) throws IOException {
        assertRefused(tcp(LOOPBACK), sent.getBytes(US_ASCII), "no valid PROXY header");
    }

    @Test
    void header_v1TooLong_closes() throws IOException {
        assertRefused(tcp(LOOPBACK), ("PROXY TCP4 " + "1".repeat(200)).getBytes(US_ASCII), "no valid PROXY header");
    }

    @Test
    void header_v2TooLong_closes() throws IOException {
        assertRefused(tcp(LOOPBACK), v2(1, 0x11, new byte[600]), "no valid PROXY header");
        assertPeer(
                tcp(LOOPBACK.maxHeaderBytes(1000)),
                v2(
                        1,
                        0x11,
                        ByteBuffer.allocate(615)
                                .put(ipv4())
                                .put((byte) 0xea)
                                .putShort((short) 600)
                                .array()),
                new InetSocketAddress("203.0.113.7", 54321));
    }

    @Test
    void header_v2UnknownCommandOrFamily_closes() throws IOException {
        assertRefused(tcp(LOOPBACK), v2(7, 0x11, ipv4()), "no valid PROXY header");
        assertRefused(tcp(LOOPBACK), v2(1, 0x77, ipv4()), "no valid PROXY header");
        assertRefused(tcp(LOOPBACK), v2(1, 0x11, new byte[3]), "no valid PROXY header");
    }

    @Test
    void source_untrusted_closes() throws IOException {
        assertRefused(tcp(ProxyProtocol.from("10.0.0.0/8", "fd00::/8")), new byte[0], "not trusted");
    }

    @Test
    void header_doesNotCome_closes() throws IOException {
        ProxyProtocol impatient = LOOPBACK.headerTimeout(Duration.ofMillis(50));
        assertRefused(tcp(impatient), "PROXY TCP4 ".getBytes(US_ASCII), "no PROXY header within 50 ms");
    }

    @Test
    void close_whileHeadersAreAwaited_endsThem() throws IOException {
        try (Server<Recorder> server = new Server<>(tcp(LOOPBACK), Recorder::new);
                Socket client = server.connect()) {
            client.getOutputStream().write("PROXY ".getBytes(US_ASCII));
            server.close();
            Server.assertEnded(client);
        }
    }

    @Test
    void from_notANetwork_refused() {
        for (String wrong : new String[] {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "fd00::/129", "10.0.0.0/8/8"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ProxyProtocol.from(wrong))
                    .withMessage("trusted: " + wrong
                            + " (expected: an address or a network such as 10.0.0.0/8 or fd00::/8)");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> ProxyProtocol.from());
        assertThatIllegalArgumentException().isThrownBy(() -> LOOPBACK.maxHeaderBytes(231));
        assertThatIllegalArgumentException().isThrownBy(() -> LOOPBACK.headerTimeout(Duration.ZERO));
    }

    /** The handler sees this peer, or the real one if null, and then what follows the header. */
    private static void assertPeer(NettyTransport transport, byte[] header, InetSocketAddress peer) throws IOException {
        try (Server<Recorder> server = new Server<>(transport, Recorder::new);
                Socket client = server.connect()) {
            client.getOutputStream().write(concat(header, "payload".getBytes(US_ASCII)));
            await().until(() -> server.accepted(0).text().equals("payload"));
            assertThat(server.accepted(0).channel.remoteAddress())
                    .isEqualTo(peer != null ? peer : client.getLocalSocketAddress());
            client.getOutputStream().write(" and more".getBytes(US_ASCII));
            await().until(() -> server.accepted(0).text().equals("payload and more"));
        }
    }

    private static void assertRefused(NettyTransport transport, byte[] sent, String reason) throws IOException {
        try (LogCapture log = new LogCapture();
                Server<Recorder> server = new Server<>(transport, Recorder::new);
                Socket client = server.connect()) {
            try {
                client.getOutputStream().write(sent);
            } catch (SocketException e) {
                // Closed already.
            }
            Server.assertEnded(client);
            assertThat(server.accepted()).isEmpty();
            await().untilAsserted(() ->
                    assertThat(log.warnings()).singleElement().asString().contains(reason));
        }
    }

    private static byte[] v2(int command, int family, byte[] rest) {
        return ByteBuffer.allocate(16 + rest.length)
                .put(V2_SIGNATURE)
                .put((byte) (0x20 | command))
                .put((byte) family)
                .putShort((short) rest.length)
                .put(rest)
                .array();
    }

    private static byte[] ipv4() {
        return HexFormat.of().parseHex("cb007107" + "c6336402" + "d431" + "075b");
    }

    private static byte[] concat(byte[] first, byte[] second) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }
}
