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
            List<@Nullable Object> fields = Reply.list(parts.get(1));
            records.add(new Queued(seq(Reply.bytes(parts.get(0))), Records.decode(Reply.bytes(fields.get(1)))));
        }
        return records;
    }
}
