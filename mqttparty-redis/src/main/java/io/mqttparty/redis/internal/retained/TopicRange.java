package io.mqttparty.redis.internal.retained;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.redis.internal.key.Keys;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where the topics are that a filter with a wildcard may match: those that begin with its levels before the first wildcard, in the one bucket of the first
 * level or, if that is a wildcard, in all of them. Immutable.
 */
final class TopicRange {
    /** Greater than every byte of UTF-8. */
    private static final byte END = (byte) 0xFF;

    private final TopicFilter filter;
    private final byte[] prefix;

    TopicRange(TopicFilter filter) {
        this.filter = filter;
        StringBuilder literal = new StringBuilder();
        for (String level : filter.levels()) {
            if (isWildcard(level)) {
                break;
            }
            literal.append(level).append('/');
        }
        this.prefix = literal.toString().getBytes(UTF_8);
    }

    private static boolean isWildcard(String level) {
        return level.equals("+") || level.equals("#");
    }

    /** The buckets with such topics. */
    List<Integer> buckets() {
        String first = filter.levels().get(0);
        return isWildcard(first)
                ? IntStream.range(0, Keys.RETAINED_BUCKETS).boxed().toList()
                : List.of(Keys.retainedBucket(first));
    }

    /** The one topic outside of the range that is matched, and comes before all in it: the parent of {@code #}. */
    Optional<TopicName> parent() {
        int literals = filter.levels().size() - 1;
        boolean isParented = literals > 0
                && filter.levels().get(literals).equals("#")
                && filter.levels().subList(0, literals).stream().noneMatch(TopicRange::isWildcard);
        return isParented && prefix.length > 1
                ? Optional.of(TopicName.ofValidUtf8(Arrays.copyOf(prefix, prefix.length - 1)))
                : Optional.empty();
    }

    /** The lower bound of a range by bytes: behind this topic, or where the range begins. */
    byte[] min(byte[] after) {
        if (after.length > 0 && Arrays.compareUnsigned(after, prefix) >= 0) {
            return bound('(', after);
        }
        return prefix.length == 0 ? new byte[] {'-'} : bound('[', prefix);
    }

    /** The upper bound. */
    byte[] max() {
        if (prefix.length == 0) {
            return new byte[] {'+'};
        }
        byte[] bound = Arrays.copyOf(bound('(', prefix), prefix.length + 2);
        bound[prefix.length + 1] = END;
        return bound;
    }

    private static byte[] bound(char kind, byte[] topic) {
        byte[] bound = new byte[topic.length + 1];
        bound[0] = (byte) kind;
        System.arraycopy(topic, 0, bound, 1, topic.length);
        return bound;
    }
}
