package io.mqttparty.redis.internal.session;

import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.ReplyHandler;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.spi.SessionRef;
import org.jspecify.annotations.Nullable;

/**
 * Holds queues to their bytes. Whoever appends the last record of a stride has the queue measured and trimmed: each 64th record, or more often when
 * records are large, so that about 64 KiB pass between two measurements. The number of a record tells, so this needs no memory in the node.
 */
final class QueueBytes {
    private static final int RECORDS_BETWEEN = 64;
    private static final int BYTES_BETWEEN = 64 * 1024;
    private static final Script TRIM = Script.load(QueueBytes.class, "trim");

    /** What became of it does not matter: the next one comes. */
    private static final ReplyHandler UNHEARD = new ReplyHandler() {
        @Override
        public void onReply(@Nullable Object reply) {}

        @Override
        public void onFailure(Throwable cause) {}
    };

    private final RedisContext context;

    QueueBytes(RedisContext context) {
        this.context = context;
    }

    /** A record of this size was appended to a queue and got this number. */
    void appended(SessionRef session, long seq, int recordBytes) {
        if ((seq + 1 & stride(recordBytes) - 1) == 0) {
            Eval.of(TRIM)
                    .key(context.keys().queue(session))
                    .arg(context.limits().queueBytes())
                    .send(context.lanes().of(session.client()), UNHEARD);
        }
    }

    /** A power of two. */
    static int stride(int recordBytes) {
        return Integer.highestOneBit(Math.max(1, Math.min(RECORDS_BETWEEN, BYTES_BETWEEN / (recordBytes + 1))));
    }
}
