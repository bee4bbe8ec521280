package io.mqttparty.netty.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Warnings that a peer can cause: one line in ten seconds, which says how many came in between. Safe for use by all threads. */
final class ThrottledLog {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Logger logger;
    private final LongSupplier clock;
    private final AtomicLong next;
    private final AtomicLong suppressed = new AtomicLong();

    ThrottledLog(Logger logger, LongSupplier clock) {
        this.logger = logger;
        this.clock = clock;
        this.next = new AtomicLong(clock.getAsLong());
    }

    void warn(Supplier<String> message) {
        warn(message, null);
    }

    void warn(Supplier<String> message, @Nullable Throwable cause) {
        long now = clock.getAsLong();
        long due = next.get();
        if (now - due < 0 || !next.compareAndSet(due, now + INTERVAL_NANOS)) {
            suppressed.incrementAndGet();
            return;
        }
        long missed = suppressed.getAndSet(0);
        try {
            String text =
                    missed == 0 ? message.get() : message.get() + " (" + missed + " more since the last such line)";
            logger.log(Level.WARNING, text, cause);
        } catch (Throwable t) { // Without a file descriptor even a logger can fail. It must not take the loop with it.
            suppressed.addAndGet(missed + 1);
            next.set(now);
        }
    }
}
