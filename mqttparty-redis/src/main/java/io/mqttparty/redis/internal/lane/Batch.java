package io.mqttparty.redis.internal.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Commands that went out together and whose replies are waited for. */
final class Batch {
    private final Lane lane;
    private final List<Call> calls;
    private final AtomicInteger open;
    private final long sentNanos;
    private final boolean holdsReplies;

    Batch(Lane lane, List<Call> calls, boolean holdsReplies, long nowNanos) {
        this.lane = lane;
        this.calls = new ArrayList<>(calls);
        this.open = new AtomicInteger(calls.size());
        this.holdsReplies = holdsReplies;
        this.sentNanos = nowNanos;
        calls.forEach(call -> call.joined(this));
    }

    Lane lane() {
        return lane;
    }

    List<Call> calls() {
        return calls;
    }

    /** Whether its replies count only once enough replicas have the writes. */
    boolean holdsReplies() {
        return holdsReplies;
    }

    long sentNanos() {
        return sentNanos;
    }

    /** The replicas have it: each call gets its reply. */
    void release() {
        calls.forEach(Call::settleWithReply);
    }

    /** No call that is still open gets a reply. */
    void fail(Throwable cause) {
        calls.forEach(call -> call.settleWithFailure(cause));
    }

    void onSettled(Call call) {
        lane.onSettled(call);
        if (open.decrementAndGet() == 0) {
            lane.onDone(this);
        }
    }
}
