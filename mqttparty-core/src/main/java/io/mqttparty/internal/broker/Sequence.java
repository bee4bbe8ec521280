package io.mqttparty.internal.broker;

/**
 * Steps that are made one after the other, each of which may be done at once or later. However many are done at once, the stack stays flat: a
 * peer decides how many there are. Used on one loop.
 */
final class Sequence {
    private final int size;
    private final Step step;
    private final Runnable onEnd;
    private final Runnable onDone = this::goOn;
    private int next;
    private boolean running;
    private boolean done;

    private Sequence(int size, Step step, Runnable onEnd) {
        this.size = size;
        this.step = step;
        this.onEnd = onEnd;
    }

    /** One step. */
    interface Step {
        /** Makes the step with this index and runs {@code onDone} once it is done; never, if all the others are not wanted any more. */
        void make(int index, Runnable onDone);
    }

    /** Makes this number of steps, then the end. */
    static void run(int size, Step step, Runnable onEnd) {
        new Sequence(size, step, onEnd).goOn();
    }

    private void goOn() {
        done = true;
        if (running) {
            return;
        }
        running = true;
        while (done && next < size) {
            done = false;
            step.make(next++, onDone);
        }
        running = false;
        if (done) {
            onEnd.run();
        }
    }
}
