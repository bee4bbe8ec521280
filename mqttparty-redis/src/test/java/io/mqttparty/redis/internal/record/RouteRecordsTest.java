package io.mqttparty.redis.internal.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.Token;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RouteRecordsTest {
    private static final ClientId CLIENT = ClientId.of("c");
    private static final Token INCARNATION = new Token("n.00000001-1");
    private static final SessionRef SESSION = new SessionRef(CLIENT, INCARNATION);
    private static final NodeId NODE = new NodeId("n.00000001");
    private static final List<Subscription> SUBSCRIPTIONS =
            List.of(Subscription.of("a/+", QoS.AT_LEAST_ONCE), Subscription.of("$share/g/#", QoS.EXACTLY_ONCE));
    private static final byte[] VALUE = RouteRecords.encodeSession(INCARNATION, 3, Subscriptions.encode(SUBSCRIPTIONS));

    private static Map<String, byte[]> entry(String... namesAndValues) {
        Map<String, byte[]> fields = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1].getBytes(UTF_8));
        }
        return fields;
    }

    @Test
    void decodeSession_encoded_isTheSame() {
        assertThat(RouteRecords.decodeSession(CLIENT, VALUE))
                .isEqualTo(new RouteChange.SessionRoutes(SESSION, SUBSCRIPTIONS));
    }

    /** Scripts write the same. */
    @Test
    void encodeSession_known_areTheBytesOfVersion1() {
        byte[] one = Subscriptions.encode(List.of(Subscription.of("f", QoS.EXACTLY_ONCE)));

        assertThat(RouteRecords.encodeSession(new Token("t"), 258, one))
                .containsExactly(1, 0, 1, 't', 0, 0, 1, 2, 0, 1, 'f', 2);
    }

    @Test
    void decodeSession_cutAnywhere_isRefusedOrHasFewerSubscriptions() {
        for (int length = 0; length < VALUE.length; length++) {
            byte[] cut = Arrays.copyOf(VALUE, length);
            try {
                assertThat(RouteRecords.decodeSession(CLIENT, cut)
                                .subscriptions()
                                .size())
                        .isLessThan(SUBSCRIPTIONS.size());
            } catch (UnreadableRecordException e) {
                assertThat(e).hasMessageContaining("expected");
            }
        }
    }

    @Test
    void decodeSession_unknownVersion_isRefused() {
        byte[] bytes = VALUE.clone();
        bytes[0] = 9;

        assertThatThrownBy(() -> RouteRecords.decodeSession(CLIENT, bytes))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("route: version 9 (expected: 1)");
    }

    @Test
    void decode_eachKind_isItsChange() {
        Map<String, byte[]> session = entry("t", "S", "c", "c");
        session.put("v", VALUE);

        assertThat(RouteRecords.decode(session)).isEqualTo(new RouteChange.SessionRoutes(SESSION, SUBSCRIPTIONS));
        assertThat(RouteRecords.decode(entry("t", "G", "c", "c", "i", INCARNATION.value())))
                .isEqualTo(new RouteChange.SessionGone(SESSION));
        assertThat(RouteRecords.decode(entry("t", "T", "n", NODE.value(), "f", "a/#", "q", "2")))
                .isEqualTo(new RouteChange.NodeFilter(NODE, TopicFilter.of("a/#"), QoS.EXACTLY_ONCE));
        assertThat(RouteRecords.decode(entry("t", "U", "n", NODE.value(), "f", "a/#")))
                .isEqualTo(new RouteChange.NodeFilterGone(NODE, TopicFilter.of("a/#")));
        assertThat(RouteRecords.decode(entry("t", "D", "n", NODE.value()))).isEqualTo(new RouteChange.NodeDown(NODE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "t=X",
                "t=S;c=c",
                "t=S;c=c;v=",
                "t=G;c=c",
                "t=G;i=x",
                "t=T;n=n;f=a",
                "t=T;n=n;f=a;q=3",
                "t=T;n=n;f=a;q=x",
                "t=T;n=n;f=a/#/b;q=1",
                "t=U;n=n",
                "t=D",
                "t=D;n="
            })
    void decode_somethingElse_isRefused(String fields) {
        String[] words = Arrays.stream(fields.split("[;=]", -1))
                .limit(fields.isEmpty() ? 0 : Integer.MAX_VALUE)
                .toArray(String[]::new);

        assertThatThrownBy(() -> RouteRecords.decode(entry(words))).isInstanceOf(UnreadableRecordException.class);
    }
}
