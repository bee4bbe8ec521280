package io.mqttparty.redis.internal.lane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.protocol.CommandType;
import org.jspecify.annotations.Nullable;

/** The WAIT at the end of a batch: it covers what its own connection has written before, and says how many replicas have it. */
final class WaitCall extends Call {
    WaitCall(Batch batch, int replicas, long timeoutMillis) {
        super(
                CommandType.WAIT,
                new byte[][] {
                    Integer.toString(replicas).getBytes(US_ASCII),
                    Long.toString(timeoutMillis).getBytes(US_ASCII)
                },
                new ReplyHandler() {
                    @Override
                    public void onReply(@Nullable Object reply) {
                        long reached = Reply.number(reply);
                        if (reached >= replicas) {
                            batch.release();
                        } else {
                            batch.fail(new RedisUnavailableException(
                                    "redis: " + reached + " replicas have it (expected: " + replicas + ")", null));
                        }
                    }

                    @Override
                    public void onFailure(Throwable cause) {
                        batch.fail(cause);
                    }
                });
    }
}
