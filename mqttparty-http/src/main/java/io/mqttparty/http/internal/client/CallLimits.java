package io.mqttparty.http.internal.client;

/**
 * What one call may take.
 *
 * @param timeoutNanos from sending the request, connecting included, until the last byte of the answer
 * @param totalNanos the same with the time before, in which the call waits until it may be sent
 * @param bodyBytes the largest body of an answer
 */
public record CallLimits(long timeoutNanos, long totalNanos, int bodyBytes) {
    /** Checks the limits. */
    public CallLimits {
        if (timeoutNanos <= 0 || totalNanos <= 0) {
            throw new IllegalArgumentException(
                    "timeout: " + timeoutNanos + " of " + totalNanos + " ns (expected: both longer than nothing)");
        }
        if (bodyBytes < 0) {
            throw new IllegalArgumentException("bodyBytes: " + bodyBytes + " (expected: 0 or more)");
        }
    }
}
