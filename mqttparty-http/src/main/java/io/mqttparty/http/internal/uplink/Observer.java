package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.http.spi.HttpListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Counts, tells the listeners and logs, at most so many lines a second. What clients and backends wrote is escaped. */
public final class Observer {
    private static final Logger LOG = System.getLogger("io.mqttparty.http");
    private static final int LINES_PER_SECOND = 10;
    private static final int LONGEST_TEXT = 256;

    private final Counters counters = new Counters();
    private final List<HttpListener> listeners;
    private final LogBrake brake;

    /**
     * An observer.
     *
     * @param nanoTime a monotonic clock
     */
    public Observer(List<HttpListener> listeners, LongSupplier nanoTime) {
        this.listeners = List.copyOf(listeners);
        this.brake = new LogBrake(nanoTime, LINES_PER_SECOND);
    }

    /** What has been counted. */
    public Counters counters() {
        return counters;
    }

    void count(HttpCounter counter) {
        counters.increment(counter);
    }

    void refused(Event event, Outcome outcome) {
        count(outcome.status() == 0 ? HttpCounter.UNADDRESSABLE : HttpCounter.REFUSED);
        warn(() -> name(event) + " is refused for good: " + clean(outcome.reason()));
        tell(each -> each.onRefused(event.client(), event.topic(), event.id(), outcome.status()));
    }

    /** The broker logs that it closes the connection. */
    void givenUp(Event event, Outcome outcome) {
        count(HttpCounter.GIVEN_UP);
        if (LOG.isLoggable(Level.DEBUG)) {
            LOG.log(Level.DEBUG, problem(event, outcome));
        }
        tell(each -> each.onGivenUp(event.client(), event.topic(), event.id(), outcome.tries(), outcome.reason()));
    }

    void lost(Event event, Outcome outcome) {
        count(HttpCounter.LOST);
        warn(() -> problem(event, outcome) + "; nobody sends it again");
    }

    void deadLetter(Event event, Outcome outcome) {
        count(HttpCounter.OUTBOX_DEAD_LETTERS);
        warn(() -> name(event) + " is a dead letter of the outbox after " + outcome.tries() + " tries: "
                + clean(outcome.reason()));
        tell(each -> each.onDeadLetter(event.client(), event.topic(), event.id(), outcome.tries(), outcome.reason()));
    }

    void outboxFailed(String what, Throwable cause) {
        count(HttpCounter.OUTBOX_FAILURES);
        warn(() -> "outbox: " + what + " failed and is tried again: " + clean(String.valueOf(cause)));
    }

    void replyLost(Event event, String reason) {
        count(HttpCounter.REPLIES_LOST);
        warn(() -> "the answer to " + name(event) + " is lost: " + clean(reason));
        tell(each -> each.onReplyLost(event.client(), event.topic(), event.id(), reason));
    }

    private static String problem(Event event, Outcome outcome) {
        return name(event) + " is not delivered after " + outcome.tries() + " tries: " + clean(outcome.reason());
    }

    private static String name(Event event) {
        return "message " + event.id() + " of client " + clean(event.client().value());
    }

    /** An origin fails so often that it gets no calls for a while, or works again. */
    public void breaker(URI origin, boolean open) {
        if (open) {
            count(HttpCounter.BREAKER_OPENED);
            warn(() -> "backend " + origin + " fails: its requests wait");
            tell(each -> each.onBreakerOpened(origin));
        } else {
            LOG.log(Level.INFO, "backend {0} answers again", origin);
            tell(each -> each.onBreakerClosed(origin));
        }
    }

    private void tell(Consumer<HttpListener> event) {
        for (HttpListener each : listeners) {
            try {
                event.accept(each);
            } catch (RuntimeException e) {
                if (brake.admit() != LogBrake.LEFT_OUT) {
                    LOG.log(Level.WARNING, "an HTTP listener threw", e);
                }
            }
        }
    }

    private void warn(Supplier<String> line) {
        if (LOG.isLoggable(Level.WARNING)) {
            long leftOut = brake.admit();
            if (leftOut != LogBrake.LEFT_OUT) {
                LOG.log(
                        Level.WARNING,
                        line.get() + (leftOut == 0 ? "" : " (" + leftOut + " lines before this one were left out)"));
            }
        }
    }

    /** The text with everything that could forge a line or steer a terminal replaced, and not longer than a line. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), LONGEST_TEXT));
        text.codePoints().limit(LONGEST_TEXT).forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                clean.append(String.format("\\u%04x", c));
            } else {
                clean.appendCodePoint(c);
            }
        });
        return clean.toString();
    }
}
