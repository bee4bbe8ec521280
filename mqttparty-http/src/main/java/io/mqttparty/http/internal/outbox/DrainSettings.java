package io.mqttparty.http.internal.outbox;

import java.time.Duration;

/**
 * How to drain.
 *
 * @param lease how long a shard is leased; when its node dies, nobody drains it for this time
 * @param renewal how often a lease is renewed and the shards are divided anew
 * @param attempts how often a message is tried before it is given up
 * @param inFlight deliveries at the same time in one shard, each of another client
 * @param window messages of one shard that are in memory
 * @param windowBytes how much of one shard is in memory before no more is read
 * @param delivery how long a delivery may take
 * @param firstBackoff how long a message waits after its first failed try; twice as long after each further one
 * @param longestBackoff the longest such time
 * @param shortestPoll how soon a shard is looked at again that has just become empty
 * @param longestPoll how often a shard is looked at that stays empty, if other nodes may put something in
 * @param longestPollAlone the same if no other node drains
 */
public record DrainSettings(
        Duration lease,
        Duration renewal,
        int attempts,
        int inFlight,
        int window,
        long windowBytes,
        Duration delivery,
        Duration firstBackoff,
        Duration longestBackoff,
        Duration shortestPoll,
        Duration longestPoll,
        Duration longestPollAlone) {
    /** What the other side asks for beyond this is not granted. */
    public static final Duration LONGEST_NOT_BEFORE = Duration.ofMinutes(5);

    /** What serves nearly everybody. */
    public static final DrainSettings DEFAULTS = new DrainSettings(
            Duration.ofSeconds(15),
            Duration.ofSeconds(5),
            20,
            32,
            256,
            1024 * 1024,
            Duration.ofSeconds(10),
            Duration.ofMillis(500),
            Duration.ofMinutes(1),
            Duration.ofMillis(20),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5));

    /** Checks that a lease outlives two renewals that fail. */
    public DrainSettings {
        if (lease.compareTo(renewal.multipliedBy(2)) <= 0) {
            throw new IllegalArgumentException(
                    "lease: " + lease + " (expected: more than twice the renewal of " + renewal + ")");
        }
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts: " + attempts + " (expected: 1 or more)");
        }
    }

    /** The same with another number of attempts, and another time for each; a lease is long enough for a delivery after a renewal that failed. */
    public DrainSettings with(int otherAttempts, Duration otherDelivery) {
        Duration needed = otherDelivery.plus(renewal.multipliedBy(2));
        return new DrainSettings(
                needed.compareTo(lease) > 0 ? needed : lease,
                renewal,
                otherAttempts,
                inFlight,
                window,
                windowBytes,
                otherDelivery,
                firstBackoff,
                longestBackoff,
                shortestPoll,
                longestPoll,
                longestPollAlone);
    }
}
