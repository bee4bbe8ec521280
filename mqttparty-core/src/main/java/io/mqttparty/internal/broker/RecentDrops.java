package io.mqttparty.internal.broker;

import java.util.Arrays;

/**
 * The last few ranges of a session's queue that were dropped instead of sent, so that a question about such a record that comes a moment late is
 * not answered as if the client had it.
 */
final class RecentDrops {
    private static final int RANGES = 16;

    private final long[] bounds = new long[2 * RANGES];
    private int next;

    RecentDrops() {
        Arrays.fill(bounds, -1);
    }

    void add(long first, long last) {
        bounds[next] = first;
        bounds[next + 1] = last;
        next = (next + 2) % bounds.length;
    }

    boolean contains(long seq) {
        for (int i = 0; i < bounds.length; i += 2) {
            if (seq >= bounds[i] && seq <= bounds[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
