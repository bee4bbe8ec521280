package io.mqttparty.http.internal.outbox;

import io.mqttparty.http.internal.client.Timers;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Outbox.Lease;
import io.mqttparty.spi.Outbox.Page;
import io.mqttparty.spi.Outbox.Waiting;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One shard from the moment this node leases it until it gives it away or loses it. It reads as many messages as the window has room for, delivers those of one client one
 * after the other, and removes from the outbox what is delivered, many at a time. Everything runs in the turns of the shard.
 */
final class Term {
    /** Messages that are read to find those of one queue. */
    private static final int REFILL = 64;

    private final Lease lease;
    private final Drain drain;
    private final Owner owner;
    private final Waits waits;
    private final OutboxCalls calls;
    private final Window window;
    private final Deque<ClientQueue> ready = new ArrayDeque<>();
    /** Queues that go on with what is in the outbox alone. */
    private final Deque<ClientQueue> refills = new ArrayDeque<>();

    private final List<Waiting> delivered = new ArrayList<>();
    private long after;
    private int inFlight;
    private boolean reading;
    private boolean woken;
    private boolean removing;
    private int burying;
    private Duration nextPoll;
    private Timers.@Nullable Scheduled poll;
    private boolean ended;
    private @Nullable Runnable onFinished;

    /** Tells why a message is a dead letter. */
    private interface Farewell {
        void say(Entry message, int attempts, String reason);
    }

    /** What the shard says to its term, and hears of it. */
    interface Owner {
        /** Whether the lease will hold long enough for a delivery. */
        boolean mayDeliver();

        /** How long a shard that stays empty may be left alone. */
        Duration longestPoll();

        /** Somebody else has the shard. */
        void onStale(Term term);

        /** Runs a task in the turns of the shard. */
        void inTurn(Runnable task);
    }

    Term(Lease lease, Drain drain, Owner owner) {
        this.lease = lease;
        this.drain = drain;
        this.owner = owner;
        this.waits = new Waits(drain);
        this.calls = new OutboxCalls(lease, drain, owner);
        this.window = new Window(drain.settings());
        this.nextPoll = drain.settings().shortestPoll();
    }

    Lease lease() {
        return lease;
    }

    /** Begins, or goes on after the lease was in danger. */
    void goOn() {
        deliverReady();
        onRoom();
    }

    /** Something was put into the shard. */
    void wake() {
        woken = true;
        readOn();
    }

    /** Begins nothing new, and calls this when what has begun is over and the outbox knows. */
    void finish(Runnable callback) {
        onFinished = callback;
        cancelPoll();
        checkFinished();
    }

    /** Stops as it is. */
    void end() {
        ended = true;
        calls.end();
        cancelPoll();
    }

    // ---- reading ----

    /** Reads now if there is room for many, else soon: a page for each message that leaves the window would cost a lot. */
    private void readOn() {
        if (window.isHalfEmpty() || !refills.isEmpty()) {
            read();
        } else if (poll == null && !reading) {
            pollLater(drain.settings().shortestPoll());
        }
    }

    private void read() {
        int room = window.room();
        ClientQueue refill = refills.peek();
        boolean none = room <= 0 || (refill == null && !window.hasRoomForQueues());
        if (ended || onFinished != null || reading || none) {
            return;
        }
        reading = true;
        Runnable onFailure = () -> {
            reading = false;
            pollLater(calls.retry());
        };
        if (refill != null) {
            calls.call(
                    "read",
                    () -> drain.outbox().read(lease, refill.upTo(), refill.isParked() ? 1 : REFILL),
                    page -> onRefill(refill, page),
                    onFailure);
            return;
        }
        woken = false;
        cancelPoll();
        calls.call("read", () -> drain.outbox().read(lease, after, room), page -> onPage(page, room), onFailure);
    }

    private boolean isOurs(Page page) {
        reading = false;
        if (page.result() == FenceResult.STALE) {
            owner.onStale(this);
            return false;
        }
        if (page.unreadable() > 0) {
            drain.listener().unreadable(lease.shard(), page.unreadable());
        }
        return true;
    }

    private void onPage(Page page, int asked) {
        if (!isOurs(page)) {
            return;
        }
        List<Waiting> messages = page.messages();
        for (Waiting message : messages) {
            after = message.position();
            window.load(message).ifPresent(ready::add);
        }
        deliverReady();
        if (woken || !refills.isEmpty() || messages.size() * 2 >= asked) {
            readOn();
        } else if (messages.isEmpty()) {
            pollLater(nextPoll);
            nextPoll = min(nextPoll.multipliedBy(2), owner.longestPoll());
        } else {
            nextPoll = drain.settings().shortestPoll();
            pollLater(nextPoll);
        }
    }

    /** What is behind {@link #after} comes with the next page for all. */
    private void onRefill(ClientQueue queue, Page page) {
        if (!isOurs(page)) {
            return;
        }
        queue.unpark();
        boolean full = false;
        for (Waiting message : page.messages()) {
            if (message.position() > after || full) {
                break;
            }
            if (ClientQueue.Key.of(message.entry()).equals(queue.key())) {
                full = !window.refill(queue, message);
            } else if (queue.isEmpty()) {
                queue.passed(message.position());
            }
        }
        boolean all = page.messages().isEmpty()
                || page.messages().get(page.messages().size() - 1).position() >= after;
        if (all && !full) {
            queue.complete();
        }
        if (!queue.isEmpty() || all) {
            refills.remove();
            goOnWith(queue);
        }
        deliverReady();
        if (woken) {
            readOn();
        } else {
            onRoom();
        }
    }

    /** If the window was full, or nothing has been read yet, nobody looks for more. */
    private void onRoom() {
        if (poll == null || !refills.isEmpty()) {
            readOn();
        }
    }

    private void pollLater(Duration delay) {
        if (!ended && onFinished == null) {
            cancelPoll();
            poll = drain.timers()
                    .schedule(
                            delay.toNanos(),
                            () -> owner.inTurn(() -> {
                                poll = null;
                                read();
                            }));
        }
    }

    private void cancelPoll() {
        if (poll != null) {
            poll.cancel();
            poll = null;
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    // ---- delivering ----

    private void deliverReady() {
        while (!ready.isEmpty()
                && !ended
                && onFinished == null
                && inFlight < drain.settings().inFlight()
                && owner.mayDeliver()) {
            deliver(ready.poll());
        }
    }

    private void deliver(ClientQueue lane) {
        Waiting message = lane.first();
        inFlight++;
        CompletionStage<Attempt> stage;
        try {
            stage = drain.deliverer().attempt(message.entry(), message.attempts());
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        var unused = stage.whenComplete((outcome, failure) -> owner.inTurn(() -> {
            inFlight--;
            if (!ended) {
                onOutcome(lane, message, outcome, failure);
                deliverReady();
                checkFinished();
            }
        }));
    }

    private void onOutcome(ClientQueue lane, Waiting message, @Nullable Attempt outcome, @Nullable Throwable failure) {
        if (outcome == null) {
            onFailed(lane, message, String.valueOf(failure), Duration.ZERO);
        } else if (outcome instanceof Attempt.Delivered) {
            drain.listener().delivered(message.entry());
            lane.removeFirst();
            delivered.add(message);
            goOnWith(lane);
            removeDelivered();
        } else if (outcome instanceof Attempt.Failed failed) {
            onFailed(lane, message, failed.reason(), failed.notBefore());
        } else if (outcome instanceof Attempt.NotTried notTried) {
            later(lane, message.attempts(), waits.after(lane.notTried(), notTried.notBefore()));
        } else if (outcome instanceof Attempt.Refused refused) {
            bury(lane, message.attempts() + 1, refused.reason(), drain.listener()::refused);
        }
    }

    private void onFailed(ClientQueue lane, Waiting message, String reason, Duration notBefore) {
        int attempts = message.attempts() + 1;
        if (attempts >= drain.settings().attempts()) {
            bury(lane, attempts, reason, drain.listener()::givenUp);
            return;
        }
        drain.listener().failed(message.entry(), attempts, reason);
        later(lane, attempts, waits.after(attempts, notBefore));
        calls.call(
                "failed",
                () -> drain.outbox().failed(lease, message, attempts),
                this::checkFence,
                () -> {}); // the next try counts from memory, the next node from what it knows
    }

    /** While it waits, the room that its messages have in memory is for others. */
    private void later(ClientQueue lane, int attempts, Duration delay) {
        lane.park(attempts).forEach(window::unload);
        drain.timers()
                .schedule(
                        delay.toNanos(),
                        () -> owner.inTurn(() -> {
                            refills.add(lane);
                            readOn();
                        }));
        onRoom();
    }

    private void goOnWith(ClientQueue lane) {
        if (!lane.isEmpty()) {
            ready.add(lane);
        } else if (lane.hasMore()) {
            refills.add(lane);
            readOn();
        } else {
            window.remove(lane);
        }
    }

    // ---- telling the outbox ----

    private void removeDelivered() {
        if (removing || delivered.isEmpty()) {
            return;
        }
        removing = true;
        List<Waiting> batch = List.copyOf(delivered);
        calls.call(
                "done",
                () -> drain.outbox().done(lease, batch),
                result -> {
                    removing = false;
                    if (checkFence(result)) {
                        delivered.subList(0, batch.size()).clear();
                        batch.forEach(window::unload);
                        removeDelivered();
                        onRoom();
                        checkFinished();
                    }
                },
                () -> calls.later(() -> {
                    removing = false;
                    removeDelivered();
                }));
    }

    /** Makes the first message of a lane a dead letter, and goes on with the lane when it is one. */
    private void bury(ClientQueue lane, int attempts, String reason, Farewell farewell) {
        Waiting message = lane.first();
        burying++;
        calls.call(
                "deadLetter",
                () -> drain.outbox().deadLetter(lease, message, attempts, reason),
                result -> {
                    burying--;
                    if (checkFence(result)) {
                        farewell.say(message.entry(), attempts, reason);
                        lane.removeFirst();
                        window.unload(message);
                        goOnWith(lane);
                        deliverReady();
                        onRoom();
                        checkFinished();
                    }
                },
                () -> calls.later(() -> {
                    burying--;
                    bury(lane, attempts, reason, farewell);
                }));
    }

    private boolean checkFence(FenceResult result) {
        if (result == FenceResult.STALE) {
            owner.onStale(this);
            return false;
        }
        return true;
    }

    private void checkFinished() {
        Runnable callback = onFinished;
        if (callback != null && !ended && inFlight == 0 && delivered.isEmpty() && burying == 0) {
            ended = true;
            calls.end();
            callback.run();
        }
    }
}
