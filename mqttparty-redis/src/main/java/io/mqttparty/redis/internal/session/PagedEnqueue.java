package io.mqttparty.redis.internal.session;

import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionStore.EnqueueCallback;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A message for very many queues, page after page: the next page leaves when the one before has been answered, so that no message is too much for a lane,
 * and others get their turn in between.
 */
final class PagedEnqueue implements EnqueueCallback {
    private final int legs;
    private final int page;
    private final EnqueueCallback callback;
    private final Pages pages;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger turns = new AtomicInteger();
    private int next;

    /** Sends the legs from one place to before another. */
    interface Pages {
        void send(int from, int to, EnqueueCallback callback);
    }

    /**
     * Nothing is sent yet.
     *
     * @param legs how many there are
     * @param page how many are under way at most
     * @param callback that hears of each
     */
    PagedEnqueue(int legs, int page, EnqueueCallback callback, Pages pages) {
        this.legs = legs;
        this.page = page;
        this.callback = callback;
        this.pages = pages;
    }

    /** Sends the next page. Whoever comes while a page is being sent, since all of it is answered already, leaves the next one to that thread. */
    void run() {
        if (turns.getAndIncrement() != 0) {
            return;
        }
        do {
            int from = next;
            int to = Math.min(legs, from + page);
            next = to;
            if (from < to) {
                open.set(to - from);
                pages.send(from, to, this);
            }
        } while (turns.decrementAndGet() != 0);
    }

    @Override
    public void onStored(int leg, long seq, Owner owner, long acknowledgedUpTo) {
        callback.onStored(leg, seq, owner, acknowledgedUpTo);
        answered();
    }

    @Override
    public void onFailed(int leg, Throwable cause) {
        callback.onFailed(leg, cause);
        answered();
    }

    private void answered() {
        if (open.decrementAndGet() == 0) {
            run();
        }
    }
}
