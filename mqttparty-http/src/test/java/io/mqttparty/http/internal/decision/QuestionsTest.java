package io.mqttparty.http.internal.decision;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Payload;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Authenticator;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bodies of questions, byte by byte: a backend reads them. */
final class QuestionsTest {
    private static ClientInfo client(String username, SocketAddress address, Map<String, String> attributes) {
        return new ClientInfo(
                ClientId.of("d\"1"),
                Optional.ofNullable(username),
                ProtocolVersion.MQTT_3_1_1,
                true,
                60,
                address,
                "tcp",
                attributes);
    }

    private static ClientInfo client() {
        return client("anna", new InetSocketAddress("192.0.2.7", 50_123), Map.of());
    }

    private static String connect(ClientInfo client, Payload password, Certificate... certificates) {
        return new String(
                ConnectQuestion.body(
                        new Authenticator.Request(client, Optional.ofNullable(password), List.of(certificates))),
                UTF_8);
    }

    @Test
    void connect_userAndPassword() {
        assertThat(connect(client(), Payload.utf8("geheim ü\n")))
                .isEqualTo(
                        "{\"action\":\"connect\",\"clientId\":\"d\\\"1\",\"username\":\"anna\",\"password\":\"geheim ü\\u000a\","
                                + "\"remoteAddress\":\"192.0.2.7\",\"listener\":\"tcp\",\"cleanSession\":true}");
    }

    @Test
    void connect_nothingButAnId() {
        assertThat(connect(client(null, InetSocketAddress.createUnresolved("proxy", 1), Map.of()), null))
                .isEqualTo(
                        "{\"action\":\"connect\",\"clientId\":\"d\\\"1\",\"remoteAddress\":\"proxy\",\"listener\":\"tcp\","
                                + "\"cleanSession\":true}");
    }

    @Test
    void connect_passwordThatIsNoText_isBase64() {
        assertThat(connect(client(), Payload.copyOf(new byte[] {(byte) 0xC3, 0x28})))
                .contains("\"passwordBase64\":\"wyg=\"")
                .doesNotContain("\"password\":");
    }

    @Test
    void connect_emptyPassword_isThere() {
        assertThat(connect(client(), Payload.EMPTY)).contains("\"password\":\"\"");
    }

    @Test
    void connect_anotherPort_isTheSameQuestion() {
        ClientInfo later = client("anna", new InetSocketAddress("192.0.2.7", 50_999), Map.of());

        assertThat(connect(later, Payload.utf8("p"))).isEqualTo(connect(client(), Payload.utf8("p")));
    }

    @Test
    void connect_certificate_isNamedByItsHash() {
        assertThat(connect(client(), null, certificate("abc".getBytes(UTF_8))))
                .endsWith(
                        "\"certificateSha256\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"}");
    }

    @Test
    void connect_certificateWithoutEncoding_fails() {
        assertThatThrownBy(() -> connect(client(), null, certificate(null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("certificate: ");
    }

    private static Certificate certificate(byte[] encoded) {
        return new Certificate("test") {
            @Override
            public byte[] getEncoded() throws CertificateEncodingException {
                if (encoded == null) {
                    throw new CertificateEncodingException("none");
                }
                return encoded;
            }

            @Override
            public void verify(PublicKey key) {}

            @Override
            public void verify(PublicKey key, String provider) {}

            @Override
            public String toString() {
                return "certificate";
            }

            @Override
            public PublicKey getPublicKey() {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Test
    void publish_topicAndAttributesInOrder() {
        ClientInfo known = client("anna", new InetSocketAddress("192.0.2.7", 1), Map.of("tenant", "t1", "role", "r"));

        assertThat(new String(AccessQuestion.publish(known, TopicName.of("a/b")).body(), UTF_8))
                .isEqualTo("{\"action\":\"publish\",\"clientId\":\"d\\\"1\",\"username\":\"anna\","
                        + "\"attributes\":{\"role\":\"r\",\"tenant\":\"t1\"},\"topic\":\"a/b\"}");
    }

    @Test
    void subscribe_filterAndQos() {
        var subscription = new Subscription(TopicFilter.of("a/+/#"), QoS.AT_LEAST_ONCE);

        assertThat(new String(AccessQuestion.subscribe(client(), subscription).body(), UTF_8))
                .isEqualTo("{\"action\":\"subscribe\",\"clientId\":\"d\\\"1\",\"username\":\"anna\","
                        + "\"topicFilter\":\"a/+/#\",\"qos\":1}");
    }

    // ---- questions that are the keys of their answers ----

    private static AccessQuestion publish(String username, Map<String, String> attributes, String topic) {
        return AccessQuestion.publish(client(username, new InetSocketAddress(1), attributes), TopicName.of(topic));
    }

    @Test
    void access_sameClientOnAnotherConnection_isTheSameQuestion() {
        AccessQuestion before = AccessQuestion.publish(client(), TopicName.of("a/b"));
        ClientInfo later = client("anna", new InetSocketAddress("198.51.100.1", 9), Map.of());
        AccessQuestion after = AccessQuestion.publish(later, TopicName.of("a/b"));

        assertThat(after).isEqualTo(before).hasSameHashCodeAs(before).isEqualByComparingTo(before);
        assertThat(after.body()).isEqualTo(before.body());
    }

    @Test
    void access_anyMemberDiffers_isAnotherQuestion() {
        ClientInfo other = new ClientInfo(
                ClientId.of("other"),
                Optional.of("anna"),
                ProtocolVersion.MQTT_3_1_1,
                true,
                60,
                new InetSocketAddress(1),
                "tcp",
                Map.of());
        List<AccessQuestion> all = List.of(
                publish("anna", Map.of(), "a/b"),
                publish("anna", Map.of(), "a/c"),
                publish("bert", Map.of(), "a/b"),
                publish(null, Map.of(), "a/b"),
                publish("", Map.of(), "a/b"),
                publish("anna", Map.of("role", "r"), "a/b"),
                publish("anna", Map.of("role", "s"), "a/b"),
                AccessQuestion.publish(other, TopicName.of("a/b")),
                AccessQuestion.subscribe(client(), new Subscription(TopicFilter.of("a/b"), QoS.AT_MOST_ONCE)),
                AccessQuestion.subscribe(client(), new Subscription(TopicFilter.of("a/b"), QoS.AT_LEAST_ONCE)));

        assertThat(all).doesNotHaveDuplicates();
        assertThat(all.stream().map(each -> new String(each.body(), UTF_8))).doesNotHaveDuplicates();
    }

    @Test // a client chooses its topics
    void access_topicsWithTheSameHash_haveAnOrder() {
        AccessQuestion one = publish("anna", Map.of(), "AaAa");
        AccessQuestion two = publish("anna", Map.of(), "BBBB");

        assertThat(one).hasSameHashCodeAs(two).isNotEqualTo(two).isLessThan(two);
    }

    @Test
    void access_toString_showsNoClient() {
        assertThat(publish("anna", Map.of("secret", "s"), "a/b")).hasToString("publish a/b");
    }
}
