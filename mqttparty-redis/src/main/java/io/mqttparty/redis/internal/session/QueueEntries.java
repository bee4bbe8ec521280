package io.mqttparty.redis.internal.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.record.Records;
import io.mqttparty.redis.internal.record.UnreadableRecordException;
import io.mqttparty.spi.Queued;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries of a queue: id {@code 0-<seq>}, one field with the record. */
final class QueueEntries {
    private static final int DIGITS_FROM = 2;

    private QueueEntries() {}

    /** The number in an id. */
    static long seq(byte[] id) {
        long seq = 0;
        for (int i = DIGITS_FROM; i < id.length; i++) {
            int digit = id[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new UnreadableRecordException(
                        "queue: id " + new String(id, US_ASCII) + " (expected: 0-<number>)");
            }
            seq = seq * 10 + digit;
        }
        return seq;
    }

    /** The id of a number. */
    static byte[] id(long seq) {
        return ("0-" + seq).getBytes(US_ASCII);
    }

    /**
     * The records of an answer of XRANGE.
     *
     * @throws UnreadableRecordException if one of them is none that this version knows
     */
    static List<Queued> decode(@Nullable Object reply) {
        List<@Nullable Object> entries = Reply.list(reply);
        List<Queued> records = new ArrayList<>(entries.size());
        for (Object entry : entries) {
            List<@Nullable Object> parts = Reply.list(entry);
            records.add(queued(parts.get(0), Reply.list(parts.get(1)).get(1)));
        }
        return records;
    }

    /**
     * The records of ids and records, one after the other.
     *
     * @throws UnreadableRecordException if one of them is none that this version knows
     */
    static List<Queued> decodeFlat(List<@Nullable Object> parts) {
        List<Queued> records = new ArrayList<>(parts.size() / 2);
        for (int i = 0; i < parts.size(); i += 2) {
            records.add(queued(parts.get(i), parts.get(i + 1)));
        }
        return records;
    }

    private static Queued queued(@Nullable Object id, @Nullable Object record) {
        return new Queued(seq(Reply.bytes(id)), Records.decode(Reply.bytes(record)));
    }
}
