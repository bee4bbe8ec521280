package io.mqttparty.redis.internal.cluster;

/**
 * How long things take, in milliseconds. A node that could not renew its lease for {@code fenceMillis} gives itself up; the others take it for
 * dead when {@code leaseMillis} have passed since, so what it wrote before is there by then.
 *
 * @param leaseMillis the life of a lease in Redis
 * @param renewMillis from one renewal to the next
 * @param fenceMillis since the last good renewal was sent
 * @param blockMillis how long a read waits for something new: half of the time for which a mirror counts as fresh, or less
 * @param trimMillis after what was handed over is deleted from the inbox
 * @param appliedMillis between two writes of the applied position
 * @param reaperMillis how long another node waits for one that clears up after a dead one
 * @param reapedPerSecond how many clients of a dead node are detached in a second at most
 */
public record ClusterTimings(
        long leaseMillis,
        long renewMillis,
        long fenceMillis,
        long blockMillis,
        long trimMillis,
        long appliedMillis,
        long reaperMillis,
        int reapedPerSecond) {
    /** Those of a cluster in use. */
    public static final ClusterTimings DEFAULT = new ClusterTimings(10_000, 3_000, 8_000, 125, 50, 5, 30_000, 20_000);

    /** Checks that a node gives itself up before others do. */
    public ClusterTimings {
        if (renewMillis >= fenceMillis || fenceMillis >= leaseMillis) {
            throw new IllegalArgumentException("timings: renew " + renewMillis + ", fence " + fenceMillis + ", lease "
                    + leaseMillis + " (expected: ascending)");
        }
    }
}
