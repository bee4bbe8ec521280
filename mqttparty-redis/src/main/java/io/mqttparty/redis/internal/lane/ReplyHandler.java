package io.mqttparty.redis.internal.lane;

import org.jspecify.annotations.Nullable;

/** Hears what became of one command, once, on a thread of the Redis client or of the caller; it only hands over. */
public interface ReplyHandler {
    /** The answer, see {@link Reply}. What this throws goes to {@link #onFailure}. */
    void onReply(@Nullable Object reply);

    /** Redis refused the command ({@link RedisErrorException}), or its outcome is unknown ({@link RedisUnavailableException}). */
    void onFailure(Throwable cause);
}
