package io.mqttparty.redis.internal.outbox;

import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.OutboxFullException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the scripts answer: a list that begins with a status. */
final class Answer {
    private static final String OK = "OK";
    private static final String STALE = "STALE";
    private static final String GONE = "GONE";
    private static final String HELD = "HELD";
    private static final String FULL = "FULL";

    private final String status;
    private final List<@Nullable Object> parts;

    private Answer(List<@Nullable Object> parts) {
        this.status = Reply.text(parts.get(0));
        this.parts = parts;
    }

    static Answer of(@Nullable Object reply) {
        return new Answer(Reply.list(reply));
    }

    /** Of a change behind a lease. */
    FenceResult fence() {
        return isOneOf(OK, STALE) ? FenceResult.OK : FenceResult.STALE;
    }

    /** Of a change of a dead letter: whether it was there. */
    boolean wasThere() {
        return isOneOf(OK, GONE);
    }

    /** Of a lease: whether it was given. */
    boolean isGiven() {
        return isOneOf(OK, HELD);
    }

    /** Of what takes room in a shard: fails if there was none. */
    Answer orFull(int shard) {
        if (status.equals(FULL)) {
            throw new OutboxFullException(shard, Reply.number(parts.get(1)), Reply.number(parts.get(2)));
        }
        return this;
    }

    @Nullable
    Object part(int index) {
        return parts.get(index);
    }

    private boolean isOneOf(String yes, String no) {
        if (!status.equals(yes) && !status.equals(no)) {
            throw new IllegalStateException("status: " + status + " (expected: " + yes + " or " + no + ")");
        }
        return status.equals(yes);
    }

    // ---- entries of the streams ----

    /** The position of an element of a stream, whose id is {@code 0-<position>}. */
    static long position(List<@Nullable Object> element) {
        return Long.parseLong(Reply.text(element.get(0)).substring(2));
    }

    /** The fields of an element of a stream: name and value in turn. */
    static List<@Nullable Object> fields(List<@Nullable Object> element) {
        return Reply.list(element.get(1));
    }

    /** The entry in an element of a stream. */
    static Entry entry(List<@Nullable Object> element) {
        List<@Nullable Object> fields = fields(element);
        return EntryRecords.decode(Reply.bytes(fields.get(1)), Reply.bytes(fields.get(5)));
    }
}
