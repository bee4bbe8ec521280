package io.mqttparty.redis.internal.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.ReplyHandler;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * From one node of this process to the inbox of another. One batch is under way at a time; what comes meanwhile leaves with the next. Each record
 * has a number, so that the receiver drops what it gets twice and notices what it never gets.
 *
 * <p>A batch whose outcome is unknown goes again with the same numbers, until it is there or its node is gone; its senders are told at once that
 * it failed. Meanwhile records of which somebody hears that they failed are refused, and the others wait.
 *
 * <p>Too much in the inbox ({@link InboxDepth}): if it is deep, senders wait a second at most; if it is full, or too much waits here, records are refused. Any thread
 * may send.
 */
final class Link {
    static final int MAX_WAITING = 10_000;
    static final int MAX_WAITING_BYTES = 16 * 1024 * 1024;

    private static final long RETRY_MILLIS = 200;
    private static final long LOOK_MILLIS = 50;
    private static final long HOLD_NANOS = 1_000_000_000L;
    private static final CompletableFuture<Boolean> NO_MEMBER = completedFuture(false);
    private static final byte[] NOMKSTREAM = ascii("NOMKSTREAM");
    private static final byte[] NEXT = ascii("0-*");
    private static final byte[] FROM = ascii("f");
    private static final byte[] PACKED = ascii("p");
    private static final byte[] COUNTER = ascii("l");

    private final byte[] inbox;
    private final byte[] from;
    private final Lane lane;
    private final EventExecutor timer;
    private final BusCounters counters;
    private final Runnable onGone;

    // guarded by this
    private final Deque<LinkBatch> waiting = new ArrayDeque<>();
    private final List<LinkBatch> held = new ArrayList<>();
    private @Nullable LinkBatch underWay;
    private State state = State.OPEN;
    private long nextCounter = 1;
    private int waitingRecords;
    private long waitingBytes;
    private final InboxDepth depth = new InboxDepth();
    private long heldSince;
    private boolean looking;
    private boolean congested;

    private enum State {
        OPEN,
        /** The outcome of the batch that is under way is unknown. */
        BROKEN,
        /** The receiver is no member any more. */
        GONE,
        /** The sender is none. */
        CLOSED
    }

    Link(byte[] inbox, byte[] from, Lane lane, EventExecutor timer, BusCounters counters, Runnable onGone) {
        this.inbox = inbox.clone();
        this.from = from.clone();
        this.lane = lane;
        this.timer = timer;
        this.counters = counters;
        this.onGone = onGone;
    }

    private static byte[] ascii(String word) {
        return word.getBytes(US_ASCII);
    }

    // ---- sending ----

    /**
     * Sends a record.
     *
     * @param expendable whether the sender makes good for it if it fails; nobody else would
     */
    CompletionStage<Boolean> send(byte[] record, boolean expendable) {
        CompletableFuture<Boolean> sent;
        synchronized (this) {
            if (state == State.GONE) {
                return NO_MEMBER;
            }
            String refusal = refusal(record.length, expendable);
            if (refusal != null) {
                counters.refused.increment();
                if (!expendable && state != State.CLOSED) {
                    skipCounter();
                }
                return failedFuture(new MqttPartyException(refusal));
            }
            LinkBatch batch = waiting.peekLast();
            if (batch == null || !batch.accepts(record.length)) {
                batch = new LinkBatch(nextCounter);
                waiting.add(batch);
                if (state == State.BROKEN) {
                    batch.sent().completeExceptionally(broken());
                }
            }
            batch.add(record);
            nextCounter++;
            waits(1, record.length);
            sent = batch.sent();
        }
        sendNext();
        return sent;
    }

    private @Nullable String refusal(int length, boolean expendable) {
        if (state == State.CLOSED) {
            return "bus: closed";
        }
        if (expendable && state == State.BROKEN) {
            return "bus: redis does not answer";
        }
        if (depth.isFull()) {
            return "bus: " + depth;
        }
        if (waitingRecords >= MAX_WAITING || waitingBytes + length > MAX_WAITING_BYTES) {
            return "bus: " + waitingRecords + " records of " + waitingBytes
                    + " bytes wait to be sent (expected: at most " + MAX_WAITING + " of " + MAX_WAITING_BYTES + ")";
        }
        return null;
    }

    /** More or less waits; publishers pause before there is too much. */
    private void waits(int records, long bytes) {
        waitingRecords += records;
        waitingBytes += bytes;
        boolean much = waitingRecords >= MAX_WAITING / 2 || waitingBytes >= MAX_WAITING_BYTES / 2;
        if (much != congested) {
            congested = much;
            counters.congestedLinks.addAndGet(much ? 1 : -1);
        }
    }

    /** A record is lost and nobody makes good for it: the receiver will notice. */
    private void skipCounter() {
        LinkBatch last = waiting.peekLast();
        if (last != null) {
            last.seal();
        }
        nextCounter++;
    }

    private static MqttPartyException broken() {
        return new MqttPartyException("bus: redis does not answer");
    }

    private void sendNext() {
        LinkBatch batch;
        synchronized (this) {
            if (underWay != null || state != State.OPEN) {
                return;
            }
            batch = waiting.poll();
            if (batch == null) {
                return;
            }
            underWay = batch;
        }
        append(batch);
    }

    private void append(LinkBatch batch) {
        Append handler = new Append(batch);
        byte[] counter = ascii(Long.toString(batch.firstCounter()));
        lane.collect(
                CommandType.XADD,
                handler,
                inbox,
                NOMKSTREAM,
                NEXT,
                FROM,
                from,
                PACKED,
                batch.packed(),
                COUNTER,
                counter);
        lane.collect(CommandType.XLEN, new Depth(handler), inbox);
        lane.flush();
    }

    /** The answer to the append, which counts once the depth is known too. */
    private final class Append implements ReplyHandler {
        private final LinkBatch batch;
        private volatile boolean done;

        Append(LinkBatch batch) {
            this.batch = batch;
        }

        @Override
        public void onReply(@Nullable Object reply) {
            if (Reply.isNil(reply)) {
                receiverIsGone();
            } else {
                done = true;
            }
        }

        @Override
        public void onFailure(Throwable cause) {
            onBroken(cause);
        }
    }

    private final class Depth implements ReplyHandler {
        private final Append append;

        Depth(Append append) {
            this.append = append;
        }

        @Override
        public void onReply(@Nullable Object reply) {
            if (append.done) {
                onAppended(append.batch, Reply.number(reply));
            }
        }

        @Override
        public void onFailure(Throwable cause) {
            if (append.done) {
                onAppended(append.batch, 0);
            }
        }
    }

    // ---- what became of it ----

    private void onAppended(LinkBatch batch, long entries) {
        boolean hold;
        synchronized (this) {
            if (underWay != batch) {
                return;
            }
            underWay = null;
            waits(-batch.size(), -batch.bytes());
            depth.sent(batch.bytes());
            depth.counted(entries);
            if (state == State.BROKEN) {
                state = State.OPEN;
                waiting.forEach(LinkBatch::seal); // their senders were told that they failed
            }
            hold = depth.isDeep() && state == State.OPEN;
            if (hold) {
                heldSince = held.isEmpty() ? System.nanoTime() : heldSince;
                held.add(batch);
            }
        }
        counters.batches.increment();
        counters.sent.add(batch.size());
        if (hold) {
            counters.held.increment();
            lookSoon();
        } else {
            batch.sent().complete(true);
        }
        sendNext();
    }

    private void onBroken(Throwable cause) {
        List<LinkBatch> failed;
        synchronized (this) {
            if (state == State.GONE || state == State.CLOSED || underWay == null) {
                return;
            }
            state = State.BROKEN;
            waiting.forEach(LinkBatch::seal);
            failed = new ArrayList<>(waiting);
            failed.add(underWay);
        }
        failed.forEach(batch -> batch.sent().completeExceptionally(cause));
        var unused = timer.schedule(this::again, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void again() {
        LinkBatch batch;
        synchronized (this) {
            batch = state == State.BROKEN ? underWay : null;
        }
        if (batch != null) {
            append(batch);
        }
    }

    /** The receiver is no member any more: what waits is answered so, and the link is over. */
    void receiverIsGone() {
        List<LinkBatch> rest = end(State.GONE);
        onGone.run();
        rest.forEach(batch -> batch.sent().complete(false));
    }

    /** The sender is no member any more. */
    void close() {
        MqttPartyException closed = new MqttPartyException("bus: closed");
        end(State.CLOSED).forEach(batch -> batch.sent().completeExceptionally(closed));
    }

    private synchronized List<LinkBatch> end(State end) {
        List<LinkBatch> rest = new ArrayList<>(waiting);
        if (underWay != null) {
            rest.add(underWay);
        }
        rest.addAll(held);
        waits(-waitingRecords, -waitingBytes);
        waiting.clear();
        held.clear();
        underWay = null;
        state = end;
        return rest;
    }

    // ---- too much in the inbox ----

    private void lookSoon() {
        synchronized (this) {
            if (looking) {
                return;
            }
            looking = true;
        }
        var unused = timer.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        lane.send(
                CommandType.XLEN,
                new ReplyHandler() {
                    @Override
                    public void onReply(@Nullable Object reply) {
                        onLooked(Reply.number(reply));
                    }

                    @Override
                    public void onFailure(Throwable cause) {
                        onLooked(-1);
                    }
                },
                inbox);
    }

    private void onLooked(long entries) {
        List<LinkBatch> released = List.of();
        boolean again;
        synchronized (this) {
            looking = false;
            if (entries >= 0) {
                depth.counted(entries);
            }
            if (!depth.isDeep() || System.nanoTime() - heldSince > HOLD_NANOS) {
                released = new ArrayList<>(held);
                held.clear();
            }
            again = depth.isDeep() && (state == State.OPEN || state == State.BROKEN);
        }
        released.forEach(batch -> batch.sent().complete(true));
        if (again) {
            lookSoon();
        }
    }
}
