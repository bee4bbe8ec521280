package io.mqttparty.redis.internal.retained;

import io.mqttparty.model.TopicName;
import io.mqttparty.redis.internal.key.Keys;

/** The keys of all buckets, made once. Immutable. */
public final class Buckets {
    private final byte[][] values = new byte[Keys.RETAINED_BUCKETS][];
    private final byte[][] indexes = new byte[Keys.RETAINED_BUCKETS][];

    /** With these names. */
    public Buckets(Keys keys) {
        for (int i = 0; i < Keys.RETAINED_BUCKETS; i++) {
            values[i] = keys.retainedValues(i);
            indexes[i] = keys.retainedIndex(i);
        }
    }

    /** The bucket of a topic. */
    public static int of(TopicName topic) {
        String value = topic.value();
        int slash = value.indexOf('/');
        return Keys.retainedBucket(slash < 0 ? value : value.substring(0, slash));
    }

    /** HASH: topic to message. */
    public byte[] values(int bucket) {
        return values[bucket];
    }

    /** ZSET: the topics. */
    public byte[] index(int bucket) {
        return indexes[bucket];
    }
}
