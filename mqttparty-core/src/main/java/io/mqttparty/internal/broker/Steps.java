package io.mqttparty.internal.broker;

/**
 * Does some things, one after the other or several at a time, each of which may take time. Steps that are done at once are a loop and not a
 * stack, however many there are. Used on one loop.
 */
final class Steps {
    /** How many questions to an SPI on behalf of one client are open at a time. */
    static final int QUESTIONS_AT_ONCE = 32;

    /** One step: calls {@code next} once when it is done, during the call or later, or never to stop. */
    @FunctionalInterface
    interface Step {
        void run(int index, Runnable next);
    }

    private final int count;
    private final int atOnce;
    private final Step step;
    private final Runnable onDone;
    private int started;
    private int done;
    private boolean starting;

    private Steps(int count, int atOnce, Step step, Runnable onDone) {
        this.count = count;
        this.atOnce = atOnce;
        this.step = step;
        this.onDone = onDone;
    }

    /** Does the step for each index from 0, one after the other, then what follows. */
    static void each(int count, Step step, Runnable onDone) {
        each(count, 1, step, onDone);
    }

    /** Starts the step for each index from 0, so many at a time, and does what follows when all are done. */
    static void each(int count, int atOnce, Step step, Runnable onDone) {
        new Steps(count, atOnce, step, onDone).start();
    }

    private void start() {
        if (starting) {
            return;
        }
        starting = true;
        while (started < count && started - done < atOnce) {
            step.run(started++, this::next);
        }
        starting = false;
        if (done == count) {
            onDone.run();
        }
    }

    private void next() {
        done++;
        start();
    }
}
