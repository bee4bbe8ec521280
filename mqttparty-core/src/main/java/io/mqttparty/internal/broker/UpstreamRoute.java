package io.mqttparty.internal.broker;

import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Upstream;
import java.time.Duration;

/**
 * Messages of these topics go to this upstream.
 *
 * @param filter which
 * @param upstream where to
 * @param limitNanos how long each may take; {@link SpiCalls#NO_LIMIT} if the upstream sees to that
 */
public record UpstreamRoute(TopicFilter filter, Upstream upstream, long limitNanos) {
    private static final Duration LONGEST = Duration.ofDays(365);

    /** The route of an upstream with the time limit that it asks for. */
    public static UpstreamRoute of(TopicFilter filter, Upstream upstream) {
        long nanos = upstream.timeLimit()
                .map(limit -> {
                    if (limit.isNegative() || limit.isZero() || limit.compareTo(LONGEST) > 0) {
                        throw new IllegalArgumentException("upstream: time limit " + limit
                                + " (expected: longer than nothing and a year at most, or none)");
                    }
                    return limit.toNanos();
                })
                .orElse(SpiCalls.NO_LIMIT);
        return new UpstreamRoute(filter, upstream, nanos);
    }
}
