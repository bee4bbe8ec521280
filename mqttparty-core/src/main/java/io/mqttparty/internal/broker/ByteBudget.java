package io.mqttparty.internal.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that wait in memory for all connections of a broker together. While they are over the limit, publishers are not read. Shared by all
 * loops, each of which settles its part once per turn.
 */
final class ByteBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final List<Share> shares = new ArrayList<>();

    ByteBudget(long limit) {
        this.limit = limit;
    }

    /**
     * The part of one loop. All parts are made before the first is used.
     *
     * @param onChange sees to it that {@link Share#settle()} is called before the loop waits again
     * @param onRelief called, on any loop, when the budget has room again
     */
    Share share(Runnable onChange, Runnable onRelief) {
        Share share = new Share(onChange, onRelief);
        shares.add(share);
        return share;
    }

    long used() {
        return used.get();
    }

    private boolean isOver(long bytes) {
        return bytes > limit;
    }

    /** The part of one loop; used on that loop only. */
    final class Share {
        private final Runnable onChange;
        private final Runnable onRelief;
        private long delta;

        private Share(Runnable onChange, Runnable onRelief) {
            this.onChange = onChange;
            this.onRelief = onRelief;
        }

        /** More bytes wait, or fewer. */
        void add(long bytes) {
            if (delta == 0 && bytes != 0) {
                onChange.run();
            }
            delta += bytes;
        }

        /** Whether publishers must be held. */
        boolean isExhausted() {
            return isOver(used.get() + delta);
        }

        void settle() {
            if (delta == 0) {
                return;
            }
            long after = used.addAndGet(delta);
            boolean fell = isOver(after - delta) && !isOver(after);
            delta = 0;
            if (fell) {
                shares.forEach(share -> share.onRelief.run());
            }
        }
    }
}
