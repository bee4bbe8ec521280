package io.mqttparty.http.internal.client;

import java.net.http.HttpClient;

/**
 * Whether the calls of a client to an origin have a connection that they share, as far as that can be known. Until there is one, the client of the JDK opens one for each call, over
 * HTTP/2 too, and drops all but one of them afterwards, sometimes with what is on its way there. So one call goes ahead, and the others when its answer begins, or when that takes long.
 * Guarded by the lock of its {@link Endpoint}.
 *
 * <pre>
 * state     sends   sent                      answered                         late    lost      the first call ended
 * NONE      one     TRYING                    OPEN, or NEVER over HTTP/1.1     -       -         -
 * TRYING    none    -                         OPEN, or NEVER over HTTP/1.1     OPEN    NONE      NONE
 * OPEN      all     TRYING, if long unused    -                                -       NONE      -
 * NEVER     all     -                         -                                -       -         -
 * </pre>
 */
final class SharedConnection {
    /** For so long the others wait for the answer to the first call. */
    static final long LATE_NANOS = 1_000_000_000L;

    /** A connection that nobody used for so long may be closed: from JDK 20 on after 30 seconds, by servers when they like. */
    static final long UNUSED_NANOS = 20_000_000_000L;

    private enum State {
        NONE,
        TRYING,
        OPEN,
        NEVER
    }

    private volatile State state;
    private int number;
    private long usedAt;

    SharedConnection(HttpClient.Version version) {
        this.state = version == HttpClient.Version.HTTP_2 ? State.NONE : State.NEVER;
    }

    /** Whether a call may be sent now. */
    boolean admits() {
        return state != State.TRYING;
    }

    /** Whether one call has gone ahead, and its answer has not begun. Any thread may ask. */
    boolean isTrying() {
        return state == State.TRYING;
    }

    /** A call is sent. Returns the number of its connection. */
    int sent(long now, boolean alone) {
        if (state == State.OPEN && alone && now - usedAt >= UNUSED_NANOS) {
            lose();
        }
        if (state == State.NONE) {
            state = State.TRYING;
        }
        return number;
    }

    private void lose() {
        state = State.NONE;
        number++;
    }

    /** The answer to a call of this connection begins. */
    void answered(int of, HttpClient.Version version) {
        if (of == number && state == State.TRYING) {
            state = version == HttpClient.Version.HTTP_2 ? State.OPEN : State.NEVER;
        }
    }

    /** The first call has had enough time. */
    void late(int of) {
        if (of == number && state == State.TRYING) {
            state = State.OPEN;
        }
    }

    /** A call is over, or was not taken. */
    void ended(int of, long now) {
        usedAt = now;
        if (of == number && state == State.TRYING) {
            lose();
        }
    }

    /** A call had no connection, or lost it. False if that is known, since another one lost the same. */
    boolean lost(int of) {
        if (state == State.NEVER) {
            return true;
        }
        if (of != number) {
            return false;
        }
        lose();
        return true;
    }
}
