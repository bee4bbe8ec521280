package io.mqttparty.http.internal.outbox;

import static java.util.Objects.requireNonNull;

import io.mqttparty.http.internal.client.GivenUp;
import io.mqttparty.http.internal.client.Pump;
import io.mqttparty.http.internal.client.Timers;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Outbox.Entry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the outbox, the messages of one client one after the other. Each may take five seconds, which begin anew for those that wait whenever one is in the outbox: so the number of those that
 * wait has a limit. If one is not appended, those behind it of the same sender are not either, nor those that still come through it: it will send all of them again, and none may overtake
 * another. Any thread may call.
 */
public final class Appender {
    /** As the broker waits for its backend. */
    private static final long LIMIT_NANOS = 5_000_000_000L;

    private final Timers timers;
    private final GivenUp givenUp;
    private final int mostOfAClient;
    private final Consumer<ClientId> onAppended;
    private final Map<ClientId, Line> lines = new ConcurrentHashMap<>();

    private record Order(Outbox outbox, Entry entry, Object sender, long givenAt, CompletableFuture<Void> done) {}

    /**
     * An appender.
     *
     * @param timers for an outbox that does not answer
     * @param givenUp remembers whose message was not appended
     * @param mostOfAClient how many of one client may wait; further ones fail at once
     * @param onAppended hears whose message is in the outbox
     */
    public Appender(Timers timers, GivenUp givenUp, int mostOfAClient, Consumer<ClientId> onAppended) {
        this.timers = timers;
        this.givenUp = givenUp;
        this.mostOfAClient = mostOfAClient;
        this.onAppended = onAppended;
    }

    /**
     * Appends behind what was given before for this client.
     *
     * @param sender what it came through, such as a connection; compared by identity
     */
    public CompletionStage<Void> append(Outbox outbox, Entry entry, Object sender) {
        Order order = new Order(outbox, entry, sender, timers.nanoTime(), new CompletableFuture<>());
        boolean added = false;
        while (!added) { // again if the line has just gone
            added = lines.computeIfAbsent(entry.client(), Line::new).add(order);
        }
        return order.done();
    }

    /** Clients whose messages are being appended. */
    public int clients() {
        return lines.size();
    }

    /** The messages of one client. */
    private final class Line {
        private final ClientId client;
        private final Deque<Order> waiting = new ArrayDeque<>(2);
        private final Pump starting = new Pump(this::startNext);
        private boolean busy;
        private boolean gone;
        /** When an entry came into the outbox last. */
        private volatile long appendedAt = timers.nanoTime();

        Line(ClientId client) {
            this.client = client;
        }

        /** False if the line is gone. */
        boolean add(Order order) {
            boolean hasRoom;
            synchronized (waiting) {
                if (gone) {
                    return false;
                }
                hasRoom = waiting.size() < mostOfAClient;
                if (hasRoom) {
                    waiting.add(order);
                } else {
                    givenUp.add(order.sender()); // under the lock, so that none of it that comes later gets the room
                }
            }
            if (hasRoom) {
                starting.run();
            } else {
                order.done().completeExceptionally(new NotAppendedException("too many messages of the client wait"));
            }
            return true;
        }

        private boolean startNext() {
            Order next;
            synchronized (waiting) {
                if (gone || busy) {
                    return false;
                }
                next = waiting.poll();
                if (next == null) {
                    gone = true;
                    lines.remove(client, this);
                    return false;
                }
                busy = true;
            }
            var unused = limited(next).whenComplete((done, failure) -> ended(next, failure));
            return true;
        }

        private CompletableFuture<Void> limited(Order order) {
            long now = timers.nanoTime();
            long left = LIMIT_NANOS - Math.min(now - order.givenAt(), now - appendedAt);
            if (left <= 0) {
                return CompletableFuture.failedFuture(tooLate());
            }
            CompletableFuture<Void> outcome = new CompletableFuture<>();
            var unused = start(order).whenComplete((done, failure) -> {
                if (failure == null) {
                    outcome.complete(null);
                } else {
                    outcome.completeExceptionally(failure);
                }
            });
            if (!outcome.isDone()) {
                Timers.Scheduled limit = timers.schedule(left, () -> outcome.completeExceptionally(tooLate()));
                var unusedEnd = outcome.whenComplete((done, failure) -> limit.cancel());
            }
            return outcome;
        }

        private static MqttPartyException tooLate() {
            return new MqttPartyException("outbox: no answer in time");
        }

        private CompletionStage<Void> start(Order order) {
            if (givenUp.contains(order.sender())) {
                return CompletableFuture.failedFuture(
                        new NotAppendedException("an earlier message of the client was not appended"));
            }
            try {
                return requireNonNull(order.outbox().append(order.entry()), "append");
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        private void ended(Order order, @Nullable Throwable failure) {
            if (failure == null) {
                appendedAt = timers.nanoTime();
                onAppended.accept(client);
                order.done().complete(null);
            } else {
                givenUp.add(order.sender());
                order.done().completeExceptionally(failure);
            }
            synchronized (waiting) {
                busy = false;
            }
            starting.run();
        }
    }

    /** A message was not even given to the outbox. It has no stack trace: a client can cause it at will. */
    private static final class NotAppendedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotAppendedException(String message) {
            super(message, null, false, false);
        }
    }
}
