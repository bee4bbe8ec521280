package io.mqttparty.http.internal.outbox;

import java.time.Duration;

/** What became of one delivery. */
public sealed interface Attempt {
    /** The other side has it. */
    record Delivered() implements Attempt {}

    /**
     * The other side does not have it, or did not say so: to be tried again, which counts.
     *
     * @param reason why, for people
     * @param notBefore how long the other side wants to be left alone; zero if it does not say
     */
    record Failed(String reason, Duration notBefore) implements Attempt {}

    /**
     * It was not even tried, or the other side was not there: to be tried again, as often as it takes.
     *
     * @param notBefore when there is a point in it; zero if that is not known
     */
    record NotTried(Duration notBefore) implements Attempt {}

    /**
     * The other side will never take it.
     *
     * @param reason why, for people
     */
    record Refused(String reason) implements Attempt {}
}
