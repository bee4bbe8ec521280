package io.mqttparty.http.internal.client;

import java.util.concurrent.atomic.AtomicInteger;

/** How many calls to one origin in a row were given up without the head of an answer, since there was one. Any thread may use it. */
final class Silence {
    /** So many are no accident. */
    private static final int CALLS = 3;

    private static final int NEVER_HEARD = -1;

    private final AtomicInteger calls = new AtomicInteger(NEVER_HEARD);

    /** There was an answer. */
    void onHead() {
        if (calls.get() != 0) {
            calls.set(0);
        }
    }

    /** A call was given up. True if the connection that answers came over may be dead: without an answer before, there is none to blame. */
    boolean onGivenUp() {
        return calls.updateAndGet(now -> now == NEVER_HEARD ? now : Math.min(now + 1, CALLS)) == CALLS;
    }
}
