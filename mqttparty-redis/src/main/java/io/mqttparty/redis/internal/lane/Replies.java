package io.mqttparty.redis.internal.lane;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Handlers that lead to stages. */
public final class Replies {
    private Replies() {}

    /** Completes the future with what the function makes of the reply. */
    public static <T> ReplyHandler to(CompletableFuture<T> result, Function<@Nullable Object, T> onReply) {
        return new ReplyHandler() {
            @Override
            public void onReply(@Nullable Object reply) {
                result.complete(onReply.apply(reply));
            }

            @Override
            public void onFailure(Throwable cause) {
                result.completeExceptionally(cause);
            }
        };
    }
}
