package io.mqttparty.http.internal.client;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Recognises that an HTTP/2 server did not take a request because it has too many on the connection: the client of the JDK says so in words only, before it sends
 * ("too many concurrent streams") or when the server resets the stream with REFUSED_STREAM ("Stream not processed", later "request not processed by peer"). The
 * server has not acted on the request.
 */
final class StreamLimit {
    private static final int DEEPEST_CAUSE = 5;
    private static final List<String> WORDS =
            List.of("too many concurrent streams", "stream not processed", "request not processed by peer");

    private StreamLimit() {}

    static boolean isCauseOf(Throwable failure) {
        @Nullable Throwable cause = failure;
        for (int i = 0; i < DEEPEST_CAUSE && cause != null; i++) {
            String message = cause.getMessage();
            if (message != null) {
                String words = message.toLowerCase(Locale.ROOT);
                if (WORDS.stream().anyMatch(words::contains)) {
                    return true;
                }
            }
            cause = cause.getCause();
        }
        return false;
    }
}
