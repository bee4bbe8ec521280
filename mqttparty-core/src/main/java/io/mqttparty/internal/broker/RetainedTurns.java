package io.mqttparty.internal.broker;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The subscriptions of one connection that wait for their retained messages, one after the other: together they must not flood it. */
final class RetainedTurns {
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private @Nullable Runnable paused;
    private boolean busy;
    private boolean starting;

    /** Starts this once those before it are done. */
    void add(Runnable start) {
        waiting.add(start);
        startNext();
    }

    /** What was started last is done. */
    void done() {
        busy = false;
        startNext();
    }

    /** What was started last goes on with this when the connection has come on. */
    void pause(Runnable goOn) {
        paused = goOn;
    }

    /** The connection has come on: more was acknowledged, or its socket takes more. */
    void onProgress() {
        Runnable goOn = paused;
        paused = null;
        if (goOn != null) {
            goOn.run();
        }
    }

    private void startNext() {
        if (starting) {
            return; // in the loop below: many that are done at once make no stack
        }
        starting = true;
        while (!busy && !waiting.isEmpty()) {
            busy = true;
            waiting.remove().run();
        }
        starting = false;
    }
}
