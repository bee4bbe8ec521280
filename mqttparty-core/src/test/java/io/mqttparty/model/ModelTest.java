package io.mqttparty.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The small values of the model. */
final class ModelTest {
    private static final Message MESSAGE = Message.of("a/b", "hi", QoS.AT_LEAST_ONCE);

    @ParameterizedTest
    @ValueSource(strings = {"a", "0123456789abcdefghijABC", "{x}:*\n..", "ü", " "})
    @Tag("MQTT-3.1.3-5")
    void clientId_allowed_isKeptAsItCame(String value) {
        assertThat(ClientId.of(value).value()).isEqualTo(value);
        assertThat(ClientId.of(value)).hasToString(value).isEqualTo(new ClientId(value));
    }

    @Test
    void clientId_notAllowed_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientId.of(""))
                .withMessageStartingWith("clientId: empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientId.of("a\0"))
                .withMessageContaining("U+0000");
        assertThatIllegalArgumentException().isThrownBy(() -> ClientId.of("ü".repeat(32_768)));
        assertThat(ClientId.of("a".repeat(65_535)).value()).hasSize(65_535);
    }

    @Test
    void clientIds_areOrderedByText() {
        assertThat(ClientId.of("a")).isLessThan(ClientId.of("b")).isEqualByComparingTo(ClientId.of("a"));
    }

    @Test
    void qos_ofNumber_isThatNumber() {
        for (int value = 0; value < 3; value++) {
            assertThat(QoS.of(value).value()).isEqualTo(value);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> QoS.of(3)).withMessage("qos: 3 (expected: 0, 1 or 2)");
        assertThatIllegalArgumentException().isThrownBy(() -> QoS.of(-1));
    }

    @Test
    void qos_minAndMax_areByNumber() {
        for (QoS a : QoS.values()) {
            for (QoS b : QoS.values()) {
                assertThat(a.min(b).value()).isEqualTo(Math.min(a.value(), b.value()));
                assertThat(a.max(b).value()).isEqualTo(Math.max(a.value(), b.value()));
            }
        }
    }

    @Test
    void message_withOtherParts_changesThoseOnly() {
        Message other = MESSAGE.withQos(QoS.EXACTLY_ONCE)
                .withRetain(true)
                .withTopic(TopicName.of("c"))
                .withPayload(Payload.utf8("ho"))
                .withDeadlineMillis(7);
        assertThat(other)
                .isEqualTo(new Message(
                        TopicName.of("c"), Payload.utf8("ho"), QoS.EXACTLY_ONCE, true, 7, Properties.EMPTY));
        assertThat(MESSAGE.withQos(QoS.AT_LEAST_ONCE)).isSameAs(MESSAGE);
        assertThat(MESSAGE.withRetain(false)).isSameAs(MESSAGE);
        assertThatIllegalArgumentException().isThrownBy(() -> MESSAGE.withDeadlineMillis(-1));
    }

    @Test
    void message_atItsDeadline_isExpired() {
        assertThat(MESSAGE.isExpiredAt(Long.MAX_VALUE)).isFalse();
        assertThat(MESSAGE.withDeadlineMillis(10).isExpiredAt(9)).isFalse();
        assertThat(MESSAGE.withDeadlineMillis(10).isExpiredAt(10)).isTrue();
    }

    @Test
    void peerException_costsNoStackTraceAndNamesTheClause() {
        PeerException malformed = new MalformedPacketException("2.2.3", "why");
        PeerException violation = new ProtocolViolationException("MQTT-3.1.0-2", "second CONNECT");
        assertThat(malformed).hasMessage("[2.2.3] why").hasNoSuppressedExceptions();
        assertThat(malformed.getStackTrace()).isEmpty();
        assertThat(malformed.reasonCode()).isEqualTo(ReasonCode.MALFORMED_PACKET);
        assertThat(violation.clause()).isEqualTo("MQTT-3.1.0-2");
        assertThat(violation.reasonCode()).isEqualTo(ReasonCode.PROTOCOL_ERROR);
        assertThat(violation.getStackTrace()).isEmpty();
    }

    @Test
    void reasonCodes_areDistinctAndTellErrors() {
        assertThat(ReasonCode.values()).extracting(ReasonCode::value).doesNotHaveDuplicates();
        assertThat(ReasonCode.SUCCESS.isError()).isFalse();
        assertThat(ReasonCode.UNSPECIFIED_ERROR.isError()).isTrue();
    }

    @Test
    void clientInfo_attributesGiven_areCopiedAndCannotChange() {
        Map<String, String> attributes = new HashMap<>(Map.of("tenant", "1"));
        ClientInfo info = new ClientInfo(
                ClientId.of("c"),
                Optional.empty(),
                ProtocolVersion.MQTT_3_1_1,
                true,
                0,
                InetSocketAddress.createUnresolved("localhost", 1),
                "tcp",
                attributes);
        attributes.put("tenant", "2");
        assertThat(info.attributes()).containsExactly(Map.entry("tenant", "1"));
        assertThatThrownBy(() -> info.attributes().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(info.withAttributes(Map.of()).attributes()).isEmpty();
        assertThat(info.withAttributes(Map.of()).clientId()).isEqualTo(info.clientId());
    }

    @Test
    @SuppressWarnings("NullAway")
    void values_withoutAPart_areRefused() {
        assertThatNullPointerException().isThrownBy(() -> new Will(null));
        assertThatNullPointerException().isThrownBy(() -> new Subscription(null, QoS.AT_MOST_ONCE));
        assertThatNullPointerException().isThrownBy(() -> MESSAGE.withPayload(null));
    }
}
