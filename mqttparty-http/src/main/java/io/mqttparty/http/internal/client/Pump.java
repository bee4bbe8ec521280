package io.mqttparty.http.internal.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Repeats a step until there is nothing to do. One thread at a time does it, on behalf of all that ask meanwhile, so that a step which leads to another one at once
 * does not nest.
 */
public final class Pump {
    private final BooleanSupplier step;
    private final AtomicInteger asked = new AtomicInteger();

    /**
     * A pump.
     *
     * @param step does one thing, or says that there is nothing to do now
     */
    public Pump(BooleanSupplier step) {
        this.step = step;
    }

    /** Something may be to do. */
    public void run() {
        if (asked.getAndIncrement() != 0) {
            return;
        }
        try {
            pump();
        } catch (Throwable e) { // whoever asks next goes on
            asked.set(0);
            throw e;
        }
    }

    private void pump() {
        int seen = 1;
        boolean ended = false;
        try {
            while (seen != 0) {
                boolean more = true;
                while (more) {
                    more = step.getAsBoolean();
                }
                seen = asked.addAndGet(-seen);
            }
            ended = true;
        } finally {
            if (!ended) { // a step threw: what comes next is not lost for it
                asked.set(0);
            }
        }
    }
}
