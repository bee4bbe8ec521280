package io.mqttparty.redis.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.redis.internal.record.UnreadableRecordException;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.Outbox.Entry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class EntryRecordsTest {
    private static final Entry FULL = new Entry(
            new MessageId(-1, Long.MIN_VALUE),
            ClientId.of("device{\u20ac}"),
            "orders/\u20ac",
            Message.of("a/b", "payload", QoS.EXACTLY_ONCE).withRetain(true).withDeadlineMillis(4_102_444_800_000L),
            Map.of("traceparent", "00-0af7", "", "\u00e4"),
            1_800_000_000_123L);

    @Test
    void entry_encodedAndDecoded_isTheSame() {
        assertThat(decoded(FULL)).isEqualTo(FULL);
    }

    @Test
    void entry_anyTexts_encodedAndDecodedIsTheSame() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 1_000; i++) {
            Map<String, String> attributes = new HashMap<>();
            for (int j = random.nextInt(5); j > 0; j--) {
                attributes.put(text(random, 20), text(random, 300));
            }
            Entry entry = new Entry(
                    new MessageId(random.nextLong(), random.nextLong()),
                    ClientId.of("c" + text(random, 70)),
                    text(random, 30),
                    Message.of("t" + i, text(random, 500), QoS.of(random.nextInt(3))),
                    attributes,
                    random.nextLong(Long.MAX_VALUE));
            assertThat(decoded(entry)).isEqualTo(entry);
        }
    }

    private static String text(SplittableRandom random, int most) {
        return random.ints(random.nextInt(most), 1, 0xD7FF)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static Entry decoded(Entry entry) {
        return EntryRecords.decode(EntryRecords.key(entry), EntryRecords.record(entry));
    }

    @Test
    void key_sameMessageAndRoute_isTheSame_otherwiseNot() {
        Entry same = new Entry(FULL.id(), ClientId.of("x"), FULL.route(), Message.of("t", "", QoS.of(0)), Map.of(), 0);
        Entry route = new Entry(FULL.id(), FULL.client(), "orders", FULL.message(), Map.of(), 0);

        assertThat(EntryRecords.key(same)).isEqualTo(EntryRecords.key(FULL));
        assertThat(EntryRecords.key(route)).isNotEqualTo(EntryRecords.key(FULL));
    }

    @Test
    void receivedMillis_ofTheHeadAlone() {
        byte[] head = Arrays.copyOf(EntryRecords.record(FULL), EntryRecords.HEAD);

        assertThat(EntryRecords.receivedMillis(head)).isEqualTo(FULL.receivedMillis());
        assertThat(EntryRecords.receivedMillis(Arrays.copyOf(head, 3))).isZero();
        head[0] = 2;
        assertThat(EntryRecords.receivedMillis(head)).isZero();
    }

    @Test
    void decode_otherVersion_unreadable() {
        byte[] record = EntryRecords.record(FULL);
        record[0] = 2;

        assertThatThrownBy(() -> EntryRecords.decode(EntryRecords.key(FULL), record))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("outbox: version 2 (expected: 1)");
    }

    @Test
    void decode_cutAtEachByte_unreadableOrShorterPayload() {
        byte[] key = EntryRecords.key(FULL);
        byte[] record = EntryRecords.record(FULL);
        int payload = FULL.message().payload().size();
        for (int i = 0; i < record.length - payload; i++) {
            byte[] cut = Arrays.copyOf(record, i);
            assertThatThrownBy(() -> EntryRecords.decode(key, cut))
                    .as("cut at " + i)
                    .isInstanceOf(UnreadableRecordException.class);
        }
    }

    @Test
    void decode_anyByteChanged_anEntryOrUnreadable() {
        byte[] key = EntryRecords.key(FULL);
        byte[] record = EntryRecords.record(FULL);
        for (int i = 0; i < record.length; i++) {
            for (int value : new int[] {0, 1, 127, 128, 255}) {
                byte[] changed = record.clone();
                changed[i] = (byte) value;
                try {
                    assertThat(EntryRecords.decode(key, changed)).isNotNull();
                } catch (UnreadableRecordException e) {
                    assertThat(e).hasMessageContaining("expected");
                }
            }
        }
    }
}
