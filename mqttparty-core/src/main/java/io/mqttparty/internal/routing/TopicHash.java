package io.mqttparty.internal.routing;

/**
 * A keyed hash of topics and topic levels, computed over ranges so that matching cuts no strings. Peers choose the topics: without knowledge
 * of the key they cannot choose many that collide.
 */
final class TopicHash {
    private static final int CHARS_PER_STEP = 4;

    private final long start;
    private final long factor;

    TopicHash(long seed) {
        start = mixed(seed);
        factor = mixed(start ^ seed) | 1;
    }

    /** The hash of the characters in this range. */
    long of(String text, int from, int to) {
        long hash = start;
        int i = from;
        for (; i + CHARS_PER_STEP <= to; i += CHARS_PER_STEP) {
            long step = text.charAt(i)
                    | ((long) text.charAt(i + 1) << 16)
                    | ((long) text.charAt(i + 2) << 32)
                    | ((long) text.charAt(i + 3) << 48);
            hash = folded(hash ^ step);
        }
        long rest = 0; // no topic contains U+0000, so that a shorter rest cannot look like a longer one
        for (; i < to; i++) {
            rest = (rest << 16) | text.charAt(i);
        }
        return folded(hash ^ rest);
    }

    /** The hash of a level with this hash below a node with that hash. */
    int below(int parentHash, long levelHash) {
        long hash = folded(levelHash ^ parentHash);
        return (int) (hash ^ (hash >>> 32));
    }

    /** Both halves of the product: every bit of the result depends on the key, which the low half alone would not give. */
    private long folded(long value) {
        return (value * factor) ^ Math.multiplyHigh(value, factor);
    }

    /** The finalizer of SplitMix64: makes a key of a seed with few bits set. */
    private static long mixed(long seed) {
        long z = seed + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
