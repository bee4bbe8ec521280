package io.mqttparty.redis.internal.session;

import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.spi.FenceResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first element of a script's answer. */
final class Status {
    static final String OK = "OK";
    static final String NEW = "NEW";
    static final String STALE = "STALE";
    static final String FENCED = "FENCED";
    static final String RETRY = "RETRY";
    static final String GONE = "GONE";
    static final String NONE = "NONE";
    static final String DUPLICATE = "DUP";
    static final String CHUNK = "CHUNK";
    static final String EXPIRED = "EXPIRED";

    private Status() {}

    static String of(List<@Nullable Object> answer) {
        return Reply.text(answer.get(0));
    }

    static boolean is(List<@Nullable Object> answer, String status) {
        return of(answer).equals(status);
    }

    /** Of a script that answers {@code {'OK', …}} or {@code {'STALE'}}. */
    static FenceResult fence(@Nullable Object reply) {
        String status = of(Reply.list(reply));
        return switch (status) {
            case OK -> FenceResult.OK;
            case STALE -> FenceResult.STALE;
            default -> throw new IllegalStateException("status: " + status + " (expected: OK or STALE)");
        };
    }
}
