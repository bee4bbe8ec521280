package io.mqttparty.redis.internal.session;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mqttparty.redis.TestRedis;
import io.mqttparty.redis.fixture.CutRelay;
import io.mqttparty.redis.internal.lane.RedisUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A call whose outcome is unknown: it is executed, and the connection is cut before its answer. */
final class LostReply {
    private LostReply() {}

    /**
     * The answer of the second call, after that of the first was lost.
     *
     * @param text what the command has in it at which the connection is cut
     */
    static <T> T of(CutRelay relay, String text, Supplier<CompletionStage<T>> call, Runnable meanwhile) {
        CompletableFuture<Void> cut = relay.cutReply(text);
        await().until(() -> {
            assertThatThrownBy(() -> TestRedis.await(call.get())).hasCauseInstanceOf(RedisUnavailableException.class);
            return isDone(cut); // or else the command was refused, since the connection was not there
        });
        meanwhile.run();
        return await().ignoreExceptionsMatching(LostReply::isUnavailable)
                .until(() -> TestRedis.await(call.get()), answer -> true);
    }

    private static boolean isDone(CompletableFuture<Void> cut) throws InterruptedException, ExecutionException {
        try {
            cut.get(1, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private static boolean isUnavailable(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() instanceof RedisUnavailableException;
    }
}
