package io.mqttparty.redis.internal.lane;

/**
 * How a lane behaves.
 *
 * @param timeoutNanos how long a reply may take
 * @param softCommands from this many open commands on, publishers pause
 * @param softBytes from this many bytes of open commands on, publishers pause
 * @param replicas how many replicas must have a batch before its replies count; 0 for none
 * @param replicaTimeoutMillis how long a batch waits for them
 */
public record LaneOptions(
        long timeoutNanos, int softCommands, long softBytes, int replicas, long replicaTimeoutMillis) {
    /** How much more than the soft limit is refused. */
    private static final int HARD_FACTOR = 4;

    int hardCommands() {
        return softCommands * HARD_FACTOR;
    }

    long hardBytes() {
        return softBytes * HARD_FACTOR;
    }

    /** The same without waiting for replicas. */
    public LaneOptions withoutReplicas() {
        return new LaneOptions(timeoutNanos, softCommands, softBytes, 0, 0);
    }

    /** The same with another time limit. */
    public LaneOptions withTimeoutNanos(long other) {
        return new LaneOptions(other, softCommands, softBytes, replicas, replicaTimeoutMillis);
    }
}
