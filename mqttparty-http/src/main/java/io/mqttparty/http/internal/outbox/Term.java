package io.mqttparty.http.internal.outbox;

import io.mqttparty.http.internal.client.Timers;
import io.mqttparty.model.ClientId;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Outbox.Lease;
import io.mqttparty.spi.Outbox.Page;
import io.mqttparty.spi.Outbox.Waiting;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One shard from the moment this node leases it until it gives it away or loses it. It reads as many messages as the window has room for, delivers those of one client one
 * after the other, and removes from the outbox what is delivered, many at a time. Everything runs in the turns of the shard.
 */
final class Term {
    /** How long to wait after a call of the outbox that failed; twice as long after each further one. */
    private static final Duration FIRST_OUTBOX_RETRY = Duration.ofMillis(500);

    private static final Duration LONGEST_OUTBOX_RETRY = Duration.ofSeconds(4);

    private final Lease lease;
    private final Drain drain;
    private final Owner owner;
    private final Waits waits;
    private final Map<ClientId, ClientQueue> lanes = new HashMap<>();
    private final Deque<ClientQueue> ready = new ArrayDeque<>();
    private final List<Waiting> delivered = new ArrayList<>();
    private long after;
    /** Messages in the lanes, and those that are delivered and still in the outbox. */
    private int loaded;
    /** Of the same messages. */
    private long loadedBytes;

    private int inFlight;
    private boolean reading;
    private boolean woken;
    private boolean removing;
    private int burying;
    private Duration nextPoll;
    private Duration outboxRetry = FIRST_OUTBOX_RETRY;
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
        cancelPoll();
    }

    // ---- reading ----

    /** Reads now if there is room for many, else soon: a page for each message that leaves the window would cost a lot. */
    private void readOn() {
        if (loaded <= drain.settings().window() / 2
                && loadedBytes <= drain.settings().windowBytes() / 2) {
            read();
        } else if (poll == null && !reading) {
            pollLater(drain.settings().shortestPoll());
        }
    }

    private void read() {
        int room = drain.settings().window() - loaded;
        boolean full = room <= 0 || loadedBytes >= drain.settings().windowBytes();
        if (ended || onFinished != null || reading || full) {
            return;
        }
        reading = true;
        woken = false;
        cancelPoll();
        call("read", () -> drain.outbox().read(lease, after, room), page -> onPage(page, room), () -> {
            reading = false;
            pollLater(outboxRetry);
        });
    }

    private void onPage(Page page, int asked) {
        reading = false;
        if (page.result() == FenceResult.STALE) {
            owner.onStale(this);
            return;
        }
        if (page.unreadable() > 0) {
            drain.listener().unreadable(lease.shard(), page.unreadable());
        }
        List<Waiting> messages = page.messages();
        messages.forEach(this::load);
        deliverReady();
        if (woken || messages.size() * 2 >= asked) {
            readOn();
        } else if (messages.isEmpty()) {
            pollLater(nextPoll);
            nextPoll = min(nextPoll.multipliedBy(2), owner.longestPoll());
        } else {
            nextPoll = drain.settings().shortestPoll();
            pollLater(nextPoll);
        }
    }

    private void load(Waiting message) {
        after = message.position();
        loaded++;
        loadedBytes += message.entry().bytes();
        ClientId client = message.entry().client();
        ClientQueue lane = lanes.get(client);
        if (lane == null) {
            lane = new ClientQueue(client);
            lanes.put(client, lane);
            ready.add(lane);
        }
        lane.add(message);
    }

    /** If the window was full, or nothing has been read yet, nobody looks for more. */
    private void onRoom() {
        if (poll == null) {
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
            next(lane);
            removeDelivered();
        } else if (outcome instanceof Attempt.Failed failed) {
            onFailed(lane, message, failed.reason(), failed.notBefore());
        } else if (outcome instanceof Attempt.NotTried notTried) {
            later(lane, waits.after(1, notTried.notBefore()));
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
        lane.replaceFirst(new Waiting(message.position(), message.entry(), attempts));
        later(lane, waits.after(attempts, notBefore));
        call(
                "failed",
                () -> drain.outbox().failed(lease, message, attempts),
                this::checkFence,
                () -> {}); // the next try counts from memory, the next node from what it knows
    }

    private void later(ClientQueue lane, Duration delay) {
        drain.timers()
                .schedule(
                        delay.toNanos(),
                        () -> owner.inTurn(() -> {
                            ready.add(lane);
                            deliverReady();
                        }));
    }

    private void unload(Waiting message) {
        loaded--;
        loadedBytes -= message.entry().bytes();
    }

    private void next(ClientQueue lane) {
        if (lane.isEmpty()) {
            lanes.remove(lane.client());
        } else {
            ready.add(lane);
        }
    }

    // ---- telling the outbox ----

    private void removeDelivered() {
        if (removing || delivered.isEmpty()) {
            return;
        }
        removing = true;
        List<Waiting> batch = List.copyOf(delivered);
        call(
                "done",
                () -> drain.outbox().done(lease, batch),
                result -> {
                    removing = false;
                    if (checkFence(result)) {
                        delivered.subList(0, batch.size()).clear();
                        batch.forEach(this::unload);
                        removeDelivered();
                        onRoom();
                        checkFinished();
                    }
                },
                () -> later(() -> {
                    removing = false;
                    removeDelivered();
                }));
    }

    /** Makes the first message of a lane a dead letter, and goes on with the lane when it is one. */
    private void bury(ClientQueue lane, int attempts, String reason, Farewell farewell) {
        Waiting message = lane.first();
        burying++;
        call(
                "deadLetter",
                () -> drain.outbox().deadLetter(lease, message, attempts, reason),
                result -> {
                    burying--;
                    if (checkFence(result)) {
                        farewell.say(message.entry(), attempts, reason);
                        lane.removeFirst();
                        unload(message);
                        next(lane);
                        deliverReady();
                        onRoom();
                        checkFinished();
                    }
                },
                () -> later(() -> {
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

    private void later(Runnable task) {
        drain.timers()
                .schedule(
                        outboxRetry.toNanos(),
                        () -> owner.inTurn(() -> {
                            if (!ended) {
                                task.run();
                            }
                        }));
    }

    /** Calls the outbox; what follows runs in turn, and not at all once the term has ended. */
    private <T> void call(String what, Supplier<CompletionStage<T>> call, Consumer<T> onResult, Runnable onFailure) {
        CompletionStage<T> stage;
        try {
            stage = call.get();
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        var unused = stage.whenComplete((result, failure) -> owner.inTurn(() -> {
            if (ended) {
                return;
            }
            if (failure == null) {
                outboxRetry = FIRST_OUTBOX_RETRY;
                onResult.accept(result);
            } else {
                drain.listener().outboxFailed(lease.shard(), what, unwrap(failure));
                onFailure.run();
                outboxRetry = min(outboxRetry.multipliedBy(2), LONGEST_OUTBOX_RETRY);
            }
        }));
    }

    private static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void checkFinished() {
        Runnable callback = onFinished;
        if (callback != null && !ended && inFlight == 0 && delivered.isEmpty() && burying == 0) {
            ended = true;
            callback.run();
        }
    }
}
