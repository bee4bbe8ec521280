package io.mqttparty.internal.broker;

import io.mqttparty.spi.Counter;
import io.mqttparty.spi.transport.TransportChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The back-pressure of one connection, in both directions: why it is not read now, and which publishers wait because its own queue is deep. A
 * connection that is held takes no bytes from its socket, so that TCP holds the client back.
 */
final class Pressure {
    /** An answer of an SPI is awaited before the next packet. */
    static final int ANSWER = 1;
    /** Too many messages of the connection are not safe yet. */
    static final int PENDING = 2;
    /** A subscriber's queue is deep. */
    static final int SUBSCRIBER = 4;
    /** The byte budget of the broker is used up. */
    static final int BUDGET = 8;

    /** The client does not read the answers to its packets. */
    static final int ANSWERS = 16;
    /** The queue of a subscriber on another node is deep. */
    static final int REMOTE_SUBSCRIBER = 32;
    /** Too much is on its way to the store. */
    static final int STORE = 64;

    /** No publisher is held longer than this for one subscriber. */
    static final long LONGEST_HOLD_NANOS = 1_000_000_000L;
    /** A subscriber that did not get better in all that time holds nobody for this long. */
    static final long STUCK_NANOS = 30_000_000_000L;

    private final ConnectionDriver connection;
    private int holds;
    private boolean reading = true;
    private int pending;
    private int answers;
    private volatile boolean failed;
    private volatile boolean congested;
    private long progress;
    private boolean stuck;
    private long stuckUntil;
    private @Nullable List<ConnectionDriver> heldBack;
    private @Nullable Runnable onSettled;

    Pressure(ConnectionDriver connection) {
        this.connection = connection;
    }

    boolean isHeld() {
        return holds != 0;
    }

    /** Whether it is held for a reason that its client cannot help: then its silence says nothing. */
    boolean isHeldByOthers() {
        return (holds & ~ANSWERS) != 0;
    }

    /** Whether it waits until the byte budget of the broker has room. */
    boolean isHeldForBudget() {
        return (holds & BUDGET) != 0;
    }

    /** Makes the channel read or not, as it is now. */
    void apply(TransportChannel channel) {
        boolean wanted = holds == 0;
        if (reading != wanted) {
            reading = wanted;
            channel.setReading(wanted);
        }
    }

    void hold(int reason) {
        holds |= reason;
    }

    void release(int reason) {
        if ((holds & reason) != 0) {
            holds &= ~reason;
            if (holds == 0) {
                connection.onReleased();
            }
        }
    }

    /** An answer is awaited; pairs with {@link #answered}. */
    void awaitAnswer() {
        answers++;
        hold(ANSWER);
    }

    void answered() {
        if (--answers == 0) {
            release(ANSWER);
        }
    }

    void pending(int change) {
        pending += change;
        if (change > 0 && connection.broker().isBackendCongested()) {
            connection.loop().holdForStore(connection);
        }
        int limit = connection.broker().limits().pendingPublishes();
        if (pending == 0 && onSettled != null) {
            settle();
        }
        if (pending >= limit) {
            holdPublisher(PENDING);
        } else if (pending <= limit / 2) {
            release(PENDING);
        }
    }

    /** Runs this once all messages of the connection are safe, or the time is over. */
    void whenSettled(long timeoutNanos, Runnable task) {
        if (pending == 0) {
            task.run();
            return;
        }
        onSettled = task;
        var unused = connection.loop().eventLoop().schedule(timeoutNanos, this::settle);
    }

    /** What waits until the messages of the connection are safe runs now. */
    void settle() {
        Runnable task = onSettled;
        onSettled = null;
        if (task != null) {
            task.run();
        }
    }

    /** A leg of a publish failed: all that came later counts as failed too, so that nothing overtakes it. Any thread. */
    void failed() {
        failed = true;
    }

    boolean hasFailed() {
        return failed;
    }

    /** Holds this connection as a publisher. */
    void holdPublisher(int reason) {
        if ((holds & reason) == 0) {
            connection.loop().counters().add(Counter.PUBLISHERS_HELD);
            hold(reason);
        }
    }

    // ---- as a subscriber ----

    /** Whether publishers to this connection are to be held; any thread. */
    boolean isCongested() {
        return congested;
    }

    void congested(boolean now) {
        if (now && !congested && !isStuck()) {
            congested = true;
        }
    }

    private boolean isStuck() {
        stuck &= connection.loop().eventLoop().nanoTime() - stuckUntil < 0;
        return stuck;
    }

    /** Holds a publisher until this connection is relieved, or the longest time has passed. Called on the publisher's loop. */
    void holdBack(ConnectionDriver publisher) {
        publisher.pressure().holdPublisher(SUBSCRIBER);
        if (!connection.loop().execute(() -> addHeldBack(publisher))) {
            publisher.pressure().release(SUBSCRIBER);
        }
    }

    private void addHeldBack(ConnectionDriver publisher) {
        if (!congested || connection.isClosed()) {
            letGo(publisher);
            return;
        }
        List<ConnectionDriver> waiting = heldBack;
        if (waiting == null) {
            waiting = new ArrayList<>();
            heldBack = waiting;
            List<ConnectionDriver> these = waiting;
            long progressBefore = progress;
            var unused =
                    connection.loop().eventLoop().schedule(LONGEST_HOLD_NANOS, () -> giveUp(these, progressBefore));
        }
        waiting.add(publisher);
    }

    /** The client has finished a delivery. */
    void progressed() {
        progress++;
    }

    private void giveUp(List<ConnectionDriver> these, long progressBefore) {
        if (heldBack != these) {
            return;
        }
        if (progress != progressBefore) { // slow, but not stuck: they are held again by what they publish next
            heldBack = null;
            these.forEach(Pressure::letGo);
        } else {
            stuck = true;
            stuckUntil = connection.loop().eventLoop().nanoTime() + STUCK_NANOS;
            relieve();
        }
    }

    /** The queue of this connection is short again. */
    void relieve() {
        congested = false;
        List<ConnectionDriver> waiting = heldBack;
        heldBack = null;
        if (waiting != null) {
            waiting.forEach(Pressure::letGo);
        }
    }

    private static void letGo(ConnectionDriver publisher) {
        publisher.loop().execute(() -> publisher.pressure().release(SUBSCRIBER));
    }

    void onClosed() {
        relieve();
    }
}
