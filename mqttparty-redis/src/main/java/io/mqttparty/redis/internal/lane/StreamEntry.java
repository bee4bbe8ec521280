package io.mqttparty.redis.internal.lane;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a stream.
 *
 * @param high the first half of its id
 * @param low the second half
 * @param fields names and values
 */
public record StreamEntry(long high, long low, Map<String, byte[]> fields) {
    /** The id as Redis writes it. */
    public String id() {
        return high + "-" + low;
    }

    /** The entries of an answer to XRANGE or XREVRANGE; none if it is nothing. */
    public static List<StreamEntry> list(@Nullable Object reply) {
        if (reply == null) {
            return List.of();
        }
        List<@Nullable Object> answer = Reply.list(reply);
        List<StreamEntry> entries = new ArrayList<>(answer.size());
        answer.forEach(each -> entries.add(of(each)));
        return entries;
    }

    /** The entries of an answer to XREAD, by the name of the stream; streams without any are left out. */
    public static Map<String, List<StreamEntry>> byStream(@Nullable Object reply) {
        Map<String, List<StreamEntry>> streams = new HashMap<>();
        if (reply == null) {
            return streams;
        }
        List<@Nullable Object> answer = Reply.list(reply);
        if (!answer.isEmpty() && answer.get(0) instanceof byte[]) { // RESP3: a map
            for (int i = 0; i + 1 < answer.size(); i += 2) {
                streams.put(Reply.text(answer.get(i)), list(answer.get(i + 1)));
            }
            return streams;
        }
        for (Object each : answer) {
            List<@Nullable Object> pair = Reply.list(each);
            streams.put(Reply.text(pair.get(0)), list(pair.get(1)));
        }
        return streams;
    }

    private static StreamEntry of(@Nullable Object reply) {
        List<@Nullable Object> entry = Reply.list(reply);
        String id = Reply.text(entry.get(0));
        int dash = id.indexOf('-');
        List<@Nullable Object> pairs = Reply.list(entry.get(1));
        Map<String, byte[]> fields = new HashMap<>();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            fields.put(Reply.text(pairs.get(i)), Reply.bytes(pairs.get(i + 1)));
        }
        return new StreamEntry(Long.parseLong(id.substring(0, dash)), Long.parseLong(id.substring(dash + 1)), fields);
    }
}
