package io.mqttparty.http.internal.outbox;

import java.time.Duration;

/** How long a message waits for its next try: twice as long after each failed one, up to a limit, and a random part of that less, so that many do not come at once. */
final class Waits {
    private static final int MOST_DOUBLINGS = 30;

    private final Drain drain;

    Waits(Drain drain) {
        this.drain = drain;
    }

    Duration after(int attempts, Duration notBefore) {
        long first = drain.settings().firstBackoff().toNanos();
        long longest = drain.settings().longestBackoff().toNanos();
        int doublings = Math.min(attempts - 1, MOST_DOUBLINGS);
        long nanos = first > longest >> doublings ? longest : first << doublings;
        long jittered = nanos - (long) (nanos / 2.0 * drain.random().nextDouble());
        Duration asked = notBefore.compareTo(DrainSettings.LONGEST_NOT_BEFORE) > 0
                ? DrainSettings.LONGEST_NOT_BEFORE
                : notBefore;
        return Duration.ofNanos(Math.max(jittered, asked.toNanos()));
    }
}
