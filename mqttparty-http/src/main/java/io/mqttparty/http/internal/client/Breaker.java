package io.mqttparty.http.internal.client;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps calls from an origin that fails, and finds out whether it works again. Guarded by the lock of its {@link Endpoint}.
 *
 * <pre>
 * state    sends      a call succeeded   a call failed                          time is over
 * CLOSED   all        CLOSED             the k-th in a row: OPEN, otherwise -   -
 * OPEN     none       CLOSED             -                                      TRYING
 * TRYING   one        CLOSED             it was that one: OPEN again, longer    -
 * </pre>
 */
final class Breaker {
    /** How a call ended, as far as it says something about the origin. */
    enum Result {
        /** There was an answer, and it was not the fault of the server. */
        SUCCESS,
        /** No answer, or one of 5xx. */
        FAILURE,
        /** It was not sent, or ended by us. */
        NOTHING
    }

    /** What a result changed. */
    enum Change {
        NONE,
        /** Calls wait from now on, for {@link #openNanos}. */
        OPENED,
        /** Calls go on waiting, for {@link #openNanos}: one was tried, and failed. */
        OPENED_AGAIN,
        /** Calls do not wait any more. */
        CLOSED;

        boolean isOpen() {
            return this == OPENED || this == OPENED_AGAIN;
        }
    }

    private enum State {
        CLOSED,
        OPEN,
        TRYING
    }

    private final Settings settings;
    private final RandomGenerator random;
    private State state = State.CLOSED;
    private int failures;
    private int openings;
    private long nextNanos;
    private @Nullable Call trial;

    /**
     * When it opens, and for how long.
     *
     * @param failures in a row that open it
     * @param firstNanos how long it is open at first; then twice as long each time
     * @param longestNanos how long it is open at most
     */
    record Settings(int failures, long firstNanos, long longestNanos) {}

    Breaker(Settings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        this.nextNanos = settings.firstNanos();
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Whether a call may be sent now. */
    boolean admits() {
        return state == State.CLOSED || (state == State.TRYING && trial == null);
    }

    /** A call is sent. */
    void sent(Call call) {
        if (state == State.TRYING) {
            trial = call;
        }
    }

    Change ended(Call call, Result result) {
        boolean wasTrial = call == trial;
        if (wasTrial) {
            trial = null;
        }
        return switch (result) {
            case NOTHING -> Change.NONE;
            case SUCCESS -> close();
            case FAILURE -> open(wasTrial);
        };
    }

    private Change open(boolean wasTrial) {
        failures = Math.min(failures + 1, settings.failures());
        Change change = Change.NONE;
        if (state == State.CLOSED) {
            change = failures == settings.failures() ? Change.OPENED : Change.NONE;
        } else if (wasTrial) {
            change = Change.OPENED_AGAIN;
        }
        if (change != Change.NONE) {
            state = State.OPEN;
            openings++;
        }
        return change;
    }

    private Change close() {
        failures = 0;
        trial = null;
        nextNanos = settings.firstNanos();
        if (state == State.CLOSED) {
            return Change.NONE;
        }
        state = State.CLOSED;
        return Change.CLOSED;
    }

    /** How long it stays open this time: from half of the step to all of it, so that nodes do not try all at once. */
    long openNanos() {
        long step = nextNanos;
        nextNanos = Math.min(settings.longestNanos(), step * 2);
        return step / 2 + (long) (random.nextDouble() * (step - step / 2));
    }

    /** Names the time for which it is open now. */
    int opening() {
        return openings;
    }

    /** A time for which it was open is over. It may have closed before, and opened for another one. */
    void onTime(int opening) {
        if (state == State.OPEN && opening == openings) {
            state = State.TRYING;
        }
    }
}
