package io.mqttparty.internal.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that wait in memory for all connections of a broker together. Once they are over the limit, publishers are not read until an eighth
 * of it is free again. Shared by all loops, each of which settles its part once per turn.
 */
final class ByteBudget {
    private final long limit;
    private final long relief;
    private final AtomicLong used = new AtomicLong();
    private final AtomicInteger reliefs = new AtomicInteger();
    private final List<Share> shares = new ArrayList<>();
    private volatile boolean exhausted;

    ByteBudget(long limit) {
        this.limit = limit;
        this.relief = limit - limit / 8;
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

    /** Whether publishers are held now. */
    boolean isExhausted() {
        return exhausted;
    }

    /** How often it has had room again. */
    int reliefs() {
        return reliefs.get();
    }

    /** At this number of bytes it has room again. */
    long reliefBytes() {
        return relief;
    }

    /** Lets the publishers go on if the bytes are within the limit, though less than an eighth is free. */
    void relieveIfWithinLimit() {
        if (exhausted && used.get() <= limit) {
            relieve();
        }
    }

    private void relieve() {
        exhausted = false;
        reliefs.incrementAndGet();
        shares.forEach(share -> share.onRelief.run());
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
            return exhausted || used.get() + delta > limit;
        }

        void settle() {
            if (delta == 0) {
                return;
            }
            long after = used.addAndGet(delta);
            delta = 0;
            if (after > limit) {
                exhausted = true;
                after = used.get(); // another loop may have made room before it could see that
            }
            if (exhausted && after <= relief) {
                relieve();
            }
        }
    }
}
