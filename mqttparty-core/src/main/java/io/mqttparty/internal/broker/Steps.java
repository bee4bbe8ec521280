package io.mqttparty.internal.broker;

/**
 * Does one thing after the other, each of which may take time. Steps that are done at once are a loop and not a stack, however many there are.
 * Used on one loop.
 */
final class Steps {
    /** One step: calls {@code next} once when it is done, during the call or later, or never to stop. */
    @FunctionalInterface
    interface Step {
        void run(int index, Runnable next);
    }

    private final int count;
    private final Step step;
    private final Runnable onDone;
    private int index;
    private boolean running;
    private boolean stepDone;

    private Steps(int count, Step step, Runnable onDone) {
        this.count = count;
        this.step = step;
        this.onDone = onDone;
    }

    /** Does the step for each index from 0, then what follows. */
    static void each(int count, Step step, Runnable onDone) {
        new Steps(count, step, onDone).run();
    }

    private void run() {
        running = true;
        while (index < count) {
            stepDone = false;
            step.run(index, this::next);
            if (!stepDone) {
                running = false;
                return;
            }
            index++;
        }
        onDone.run();
    }

    private void next() {
        stepDone = true;
        if (!running) {
            index++;
            run();
        }
    }
}
