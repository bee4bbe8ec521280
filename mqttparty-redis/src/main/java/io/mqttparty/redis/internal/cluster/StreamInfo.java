package io.mqttparty.redis.internal.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.spi.RoutePosition;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What Redis says of a stream.
 *
 * @param length how many entries it has
 * @param added how many it has had
 * @param first the id of its first entry; the beginning if it has none
 * @param last the highest id that was given
 */
record StreamInfo(long length, long added, RoutePosition first, RoutePosition last) {
    /** Asks; fails if there is no such stream. */
    static CompletionStage<StreamInfo> read(Lane lane, byte[] key) {
        return Lanes.call(lane, CommandType.XINFO, StreamInfo::of, "STREAM".getBytes(US_ASCII), key);
    }

    private static StreamInfo of(@Nullable Object reply) {
        List<@Nullable Object> pairs = Reply.list(reply);
        long length = 0;
        long added = 0;
        RoutePosition first = RoutePosition.START;
        RoutePosition last = RoutePosition.START;
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            Object value = pairs.get(i + 1);
            switch (Reply.text(pairs.get(i))) {
                case "length" -> length = Reply.number(value);
                case "entries-added" -> added = Reply.number(value);
                case "last-generated-id" -> last = Positions.read(Reply.text(value));
                case "first-entry" ->
                    first = value == null
                            ? RoutePosition.START
                            : Positions.read(Reply.text(Reply.list(value).get(0)));
                default -> {} // not needed
            }
        }
        return new StreamInfo(length, added, first, last);
    }

    /** Whether entries after this one may have been deleted. Of those that were, the last may be this one itself: that cannot be told. */
    boolean isCutAfter(RoutePosition position) {
        return added != length && first.compareTo(position) > 0;
    }
}
