package io.mqttparty.redis.internal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicName;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RecordsTest {
    static Stream<Message> messages() {
        Message plain = Message.of("a/b", "payload", QoS.AT_LEAST_ONCE);
        return Stream.of(
                plain,
                plain.withQos(QoS.AT_MOST_ONCE),
                plain.withQos(QoS.EXACTLY_ONCE).withRetain(true),
                plain.withDeadlineMillis(1_900_000_000_000L),
                plain.withPayload(Payload.EMPTY).withDeadlineMillis(1),
                plain.withTopic(TopicName.of("ä/" + "x".repeat(65_000))),
                plain.withPayload(Payload.copyOf(new byte[300_000])));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void decode_encoded_isTheSame(Message message) {
        assertThat(Records.decode(Records.encode(message))).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void encode_otherQos_onlyTheFlagsDiffer(Message message) {
        byte[] lower = Records.encode(message, QoS.AT_MOST_ONCE);

        assertThat(Records.decode(lower)).isEqualTo(message.withQos(QoS.AT_MOST_ONCE));
        assertThat(lower[1] & ~3).isEqualTo(Records.encode(message)[1] & ~3);
        lower[1] = Records.encode(message)[1];
        assertThat(lower).isEqualTo(Records.encode(message));
    }

    @Test
    void decode_cutAnywhereBeforeThePayload_isRefused() {
        byte[] whole = Records.encode(Message.of("a/b", "", QoS.AT_LEAST_ONCE).withDeadlineMillis(77));

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Records.decode(cut)).isInstanceOf(UnreadableRecordException.class);
        }
    }

    @Test
    void decode_everySingleByteChanged_isAMessageOrRefused() {
        byte[] whole =
                Records.encode(Message.of("a/b", "xyz", QoS.AT_LEAST_ONCE).withDeadlineMillis(77));
        int refused = 0;
        for (int i = 0; i < whole.length; i++) {
            for (int value = 0; value < 256; value++) {
                byte[] changed = whole.clone();
                changed[i] = (byte) value;
                try {
                    assertThat(Records.decode(changed)).isNotNull();
                } catch (UnreadableRecordException e) {
                    refused++;
                }
            }
        }

        assertThat(refused).isPositive();
    }

    @Test
    void decode_otherVersion_isRefused() {
        byte[] record = Records.encode(Message.of("a", "b", QoS.AT_LEAST_ONCE));
        record[0] = 9;

        assertThatThrownBy(() -> Records.decode(record))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("record: version 9 (expected: 1)");
    }

    @Test
    void subscriptions_encoded_areTheSameInOrder() {
        List<Subscription> all = List.of(
                Subscription.of("a/+/#", QoS.EXACTLY_ONCE),
                Subscription.of("$share/g/ä", QoS.AT_LEAST_ONCE),
                Subscription.of("/", QoS.AT_MOST_ONCE));

        assertThat(Subscriptions.decode(Subscriptions.encode(all))).isEqualTo(all);
        assertThat(Subscriptions.decode(new byte[0])).isEmpty();
    }

    @Test
    void subscriptions_cutAnywhere_areRefusedOrFewer() {
        byte[] whole = Subscriptions.encode(List.of(Subscription.of("a/b", QoS.AT_LEAST_ONCE)));

        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Subscriptions.decode(cut)).isInstanceOf(UnreadableRecordException.class);
        }
    }
}
