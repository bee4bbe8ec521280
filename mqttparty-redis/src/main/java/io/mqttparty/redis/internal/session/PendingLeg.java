package io.mqttparty.redis.internal.session;

import io.mqttparty.model.MqttPartyException;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.ReplyHandler;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.EnqueueCallback;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One leg on its way: it hears of both commands, in any order, and tells the callback once. All that an enqueue allocates for a leg besides the
 * commands themselves.
 */
final class PendingLeg implements ReplyHandler {
    private static final AtomicIntegerFieldUpdater<PendingLeg> STATE =
            AtomicIntegerFieldUpdater.newUpdater(PendingLeg.class, "state");

    private static final int HAS_NUMBER = 1;
    private static final int HAS_OWNER = 2;
    private static final int COMPLETE = HAS_NUMBER | HAS_OWNER;
    private static final int TOLD = 4;

    private static final long GONE = -1;

    private final Enqueuing store;
    private final EnqueueCallback callback;
    private final int leg;
    private final SessionRef session;
    private final int recordBytes;

    @SuppressWarnings("unused") // through STATE
    private volatile int state;

    private long seq;
    private Owner owner = Owner.OFFLINE;
    private long acknowledgedUpTo = SessionStore.FIRST_SEQ - 1;

    PendingLeg(Enqueuing store, EnqueueCallback callback, int leg, SessionRef session, int recordBytes) {
        this.store = store;
        this.callback = callback;
        this.leg = leg;
        this.session = session;
        this.recordBytes = recordBytes;
    }

    @Override
    public void onReply(@Nullable Object reply) {
        if (reply instanceof List<?>) {
            onOwner(Reply.list(reply));
            onPart(HAS_OWNER);
        } else {
            seq = reply == null ? GONE : QueueEntries.seq(Reply.bytes(reply));
            onPart(HAS_NUMBER);
        }
    }

    private void onOwner(List<@Nullable Object> fields) {
        String node = Reply.textOrNull(fields.get(0));
        long epoch = Reply.number(fields.get(1), 0);
        owner = new Owner(node == null ? Optional.empty() : Optional.of(new NodeId(node)), epoch);
        acknowledgedUpTo = Reply.number(fields.get(2), acknowledgedUpTo);
    }

    private void onPart(int part) {
        int before = STATE.getAndUpdate(this, known -> known | part);
        if (before < TOLD && (before | part) == COMPLETE) {
            onComplete();
        }
    }

    private void onComplete() {
        if (seq == GONE) {
            store.onNoQueue(session, new Why());
        } else if (mayTell()) {
            store.onAppended(session, seq, recordBytes);
            callback.onStored(leg, seq, owner, acknowledgedUpTo);
        }
    }

    @Override
    public void onFailure(Throwable cause) {
        if (mayTell()) {
            callback.onFailed(leg, cause);
        }
    }

    private boolean mayTell() {
        return STATE.getAndUpdate(this, known -> known | TOLD) < TOLD;
    }

    /** Hears why there was no queue. */
    private final class Why implements ReplyHandler {
        @Override
        public void onReply(@Nullable Object reply) {
            if (!Status.is(Reply.list(reply), Status.GONE)) {
                onFailure(new MqttPartyException(
                        "redis: the queue of " + session.client() + " is lost (expected: one for its session)"));
            } else if (mayTell()) {
                callback.onStored(leg, GONE, Owner.OFFLINE, 0);
            }
        }

        @Override
        public void onFailure(Throwable cause) {
            PendingLeg.this.onFailure(cause);
        }
    }
}
