package io.mqttparty.redis.internal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Correlation;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.Token;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BusRecordsTest {
    private static final ClientId CLIENT = ClientId.of("cliënt {1}");
    private static final SessionRef SESSION = new SessionRef(CLIENT, new Token("a.00000001-7"));
    private static final Correlation CORRELATION = new Correlation(Long.MAX_VALUE, -2);
    private static final Message MESSAGE =
            Message.of("a/ü", "päyload", QoS.EXACTLY_ONCE).withRetain(true).withDeadlineMillis(4_102_444_800_000L);

    static Stream<BusRecord> records() {
        return Stream.concat(
                Stream.of(
                        new BusRecord.Push(SESSION, 65_536, Optional.of(MESSAGE)),
                        new BusRecord.Push(SESSION, Long.MAX_VALUE, Optional.empty()),
                        new BusRecord.Push(SESSION, 0, Optional.empty()),
                        new BusRecord.Transmit(MESSAGE),
                        new BusRecord.TransmitShared(MESSAGE, TopicFilter.of("$share/g/a/+"), 3),
                        new BusRecord.Kick(CLIENT, 1_900_000_000_000L, new NodeId("b.00000002")),
                        new BusRecord.Kicked(CLIENT, -1),
                        new BusRecord.Forward(SESSION, MESSAGE.withQos(QoS.AT_MOST_ONCE)),
                        new BusRecord.NotOwner(CLIENT),
                        new BusRecord.Downlink(CORRELATION, SESSION, MESSAGE, true, 30_000),
                        new BusRecord.Downlink(CORRELATION, SESSION, MESSAGE, false, 0),
                        new BusRecord.Watch(CORRELATION, SESSION, 65_537, 1),
                        new BusRecord.Disconnect(CORRELATION, CLIENT, 9),
                        new BusRecord.Expect(CORRELATION, CLIENT, TopicName.of("r/e/p"), 5_000),
                        new BusRecord.Forget(CORRELATION),
                        new BusRecord.Reply(CORRELATION, MESSAGE)),
                Stream.of(BusRecord.Outcome.values()).map(outcome -> new BusRecord.Answer(CORRELATION, outcome)));
    }

    @Test
    void records_ofTheTest_areAllKinds() {
        Set<Class<?>> kinds = Set.of(BusRecord.class.getPermittedSubclasses());

        assertThat(records().map(Object::getClass).collect(Collectors.toSet())).isEqualTo(kinds);
    }

    @ParameterizedTest
    @MethodSource("records")
    void decode_encoded_isTheSame(BusRecord record) {
        assertThat(BusRecords.decode(BusRecords.encode(record))).isEqualTo(record);
    }

    /** Nodes of one cluster may run different builds: what is written now must be read for ever. */
    @Test
    void encode_knownRecords_areTheBytesOfVersion1() {
        assertThat(BusRecords.encode(new BusRecord.Kick(ClientId.of("c"), 7, new NodeId("n"))))
                .containsExactly(1, 3, 0, 1, 'c', 0, 0, 0, 0, 0, 0, 0, 7, 0, 1, 'n');
        assertThat(BusRecords.encode(new BusRecord.Transmit(Message.of("t", "x", QoS.AT_LEAST_ONCE))))
                .containsExactly(1, 2, 1, 1, 0, 1, 't', 'x');
        assertThat(BusRecords.encode(new BusRecord.Answer(new Correlation(1, 2), BusRecord.Outcome.BUSY)))
                .containsExactly(1, 14, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 5);
    }

    @ParameterizedTest
    @MethodSource("records")
    void decode_cutAnywhere_isRefusedOrShorter(BusRecord record) {
        byte[] whole = BusRecords.encode(record);

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            try {
                assertThat(BusRecords.decode(cut)).isNotEqualTo(record);
            } catch (UnreadableRecordException e) {
                assertThat(e).hasMessageContaining("expected");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    void decode_everySingleByteChanged_isARecordOrRefused(BusRecord record) {
        byte[] whole = BusRecords.encode(record);

        for (int i = 0; i < whole.length; i++) {
            for (int value = 0; value < 256; value++) {
                byte[] changed = whole.clone();
                changed[i] = (byte) value;
                try {
                    assertThat(BusRecords.decode(changed)).isNotNull();
                } catch (UnreadableRecordException e) {
                    assertThat(e).hasMessageContaining("expected");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 255})
    void decode_unknownKind_isRefused(int kind) {
        assertThatThrownBy(() -> BusRecords.decode(new byte[] {1, (byte) kind, 0, 0}))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("bus: kind " + kind + " (expected: one of version 1)");
    }

    @Test
    void decode_unknownVersion_isRefused() {
        byte[] bytes = BusRecords.encode(new BusRecord.NotOwner(CLIENT));
        bytes[0] = 2;

        assertThatThrownBy(() -> BusRecords.decode(bytes))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("bus: version 2 (expected: 1)");
    }

    @Test
    void unpack_packed_areTheRecordsInOrder() {
        List<byte[]> records = records().map(BusRecords::encode).toList();

        assertThat(BusRecords.unpack(BusRecords.pack(records))).containsExactlyElementsOf(records);
        assertThat(BusRecords.unpack(new byte[0])).isEmpty();
    }

    @Test
    void unpack_cutAnywhere_isRefusedOrHasFewerRecords() {
        byte[] whole = BusRecords.pack(records().map(BusRecords::encode).toList());
        long all = records().count();

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            try {
                assertThat(BusRecords.unpack(cut).size()).isLessThan((int) all);
            } catch (UnreadableRecordException e) {
                assertThat(e).hasMessage("entry: cut (expected: whole records)");
            }
        }
    }

    @Test
    void encode_textThatIsTooLong_isRefused() {
        ClientId longest = ClientId.of("x".repeat(65_535));
        assertThat(BusRecords.decode(BusRecords.encode(new BusRecord.NotOwner(longest))))
                .isEqualTo(new BusRecord.NotOwner(longest));

        NodeId tooLong = new NodeId("x".repeat(65_536));
        assertThatThrownBy(() -> BusRecords.encode(new BusRecord.Kick(CLIENT, 1, tooLong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("text: 65536 bytes (expected: at most 65535)");
    }
}
