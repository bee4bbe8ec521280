package io.mqttparty.spi;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.model.Will;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Keeps sessions: who owns them, their subscriptions, queues, QoS 2 states and wills (MQTT 3.1.1, section 4.1). It is the truth; what a node
 * holds in memory is a copy.
 *
 * <p><b>Rules for all methods.</b> They may be called from any thread and complete on any thread. A stage that fails leaves the outcome
 * unknown; every change may therefore be repeated with the same arguments and then has no further effect and the same answer, except that {@link #enqueue}
 * may append twice. Changes that one node makes for one client take effect in the order of their calls, also those whose outcome is unknown.
 * Changes that carry a {@link Fence} are made only while its token is the session's; otherwise they answer {@link FenceResult#STALE}.
 *
 * <p><b>Numbers.</b> The records of an incarnation are numbered without gaps from {@value #FIRST_SEQ}. The packet id of a delivery is a
 * function of it, {@link #packetId}, so that sending writes nothing and every node sends a record again under the same id [MQTT-4.4.0-1].
 */
public interface SessionStore {
    /** The number of the first record of a session: its packet id is 1. */
    long FIRST_SEQ = 65_536;

    /** The packet id under which a record is delivered: 1 to 65,535. */
    static int packetId(long seq) {
        return (int) ((seq - 1) % 65_535) + 1;
    }

    /**
     * Makes a connection the owner of its client's session; the session is resumed or created (section 3.1.2.4). The epoch becomes higher than
     * any that the client has had. If another connection owns the session, its will becomes pending and a {@link BusRecord.Kick} is sent to its
     * node. A repeated attach with the token that is stored has no effect and the same answer.
     *
     * <p>The session is present if it exists, was to outlive its connection, has not expired, and no clean session is asked for. If it is not, all of it is deleted
     * except pending wills, and a new incarnation begins. Fails if the node is no member of the cluster.
     */
    CompletionStage<Attached> attach(AttachRequest request);

    /**
     * Ends the ownership of a connection. A transient session ends with it. {@link Detach#CLEAN} drops the will, even if the fence is stale and
     * the will is pending already; {@link Detach#LOST} makes it pending. After either answer the connection owns nothing; a repeated call
     * answers {@link FenceResult#STALE}.
     *
     * @param sentUpTo the highest number that this connection sent to the client, 0 if it sent nothing; see {@link Attached#dupUpTo()}
     */
    CompletionStage<FenceResult> detach(Fence fence, Detach how, long sentUpTo);

    /**
     * Changes the subscriptions of a persistent session: merged into what is stored, and announced in the route log. What is removed goes first;
     * of two equal filters the last counts.
     */
    CompletionStage<Subscribed> subscribe(Fence fence, SubscriptionChange change);

    /**
     * Appends a message to the queues of persistent sessions, with its retain flag as it is. The callback is called once for each leg, on any thread, possibly during the call.
     * A queue at its limit drops its oldest records.
     */
    void enqueue(Message message, List<Leg> legs, EnqueueCallback callback);

    /**
     * Whether so much is unanswered that publishers should pause. The broker asks before each message that takes a call of the store, on event loops: it may
     * cost no more than a look at a counter. Publishers are read again a few milliseconds after it is false.
     */
    default boolean isCongested() {
        return false;
    }

    /** Removes records after one of the legs of their message failed; write-behind. */
    void withdraw(SessionRef session, long[] seqs);

    /** The records after a number, oldest first, at most {@code max}; empty if there are none or the session is gone. */
    CompletionStage<List<Queued>> read(SessionRef session, long afterSeq, int max);

    /** Removes records that the client has acknowledged; write-behind and not fenced. */
    void acknowledge(SessionRef session, long[] seqs);

    /**
     * Notes how far a session has come, now and then.
     *
     * @param sentUpTo the highest number that was sent
     * @param acknowledgedUpTo the highest number up to which all are acknowledged
     */
    CompletionStage<FenceResult> watermark(Fence fence, long sentUpTo, long acknowledgedUpTo);

    /**
     * First step of a retained QoS 2 publish of a persistent session: remembers the packet id and writes the retained message, unless the packet
     * id is known already.
     */
    CompletionStage<FenceResult> beginQos2Retained(Fence publisher, Qos2Publish publish);

    /**
     * A QoS 2 publish of a persistent session, all at once: remembers the packet id and reaches all targets, or finds the packet id known and
     * does neither; then it only says who is to look into its queue, since those whom the first attempt reached may not have been told. A packet id that {@link #beginQos2Retained} remembered counts as new.
     */
    CompletionStage<Qos2Published> publishQos2(Fence publisher, Qos2Publish publish);

    /** A later step of an inbound QoS 2 exchange. */
    CompletionStage<FenceResult> qos2In(Fence publisher, int packetId, Qos2In step);

    /** A step of an outbound QoS 2 exchange. After {@link Qos2Out#RELEASED} the record is gone and its number is remembered as released. */
    CompletionStage<FenceResult> qos2Out(Fence fence, long seq, Qos2Out step);

    /**
     * Appends one page of retained messages to the session's own queue, with the values that are stored at that moment, and moves the cursor of
     * the filter on. They carry the retain flag and the lower QoS of grant and stored message; a topic that has none any more is left out. A
     * cursor that has moved already makes it a no-op.
     */
    CompletionStage<RetainedEnqueued> enqueueRetained(Fence fence, RetainedStep step);

    /** Writes the retained message of a pending will that is retained, at most once: {@code true} if this call did it. */
    CompletionStage<Boolean> retainWill(ClientId client, long epoch);

    /**
     * Publishes a pending will: it reaches all targets, without retain flag, and is no longer pending, or was not pending any more.
     * {@link Targets#NONE} drops it.
     */
    CompletionStage<Fired> fireWill(ClientId client, long epoch, Targets targets);

    /**
     * Deletes sessions that have expired and returns wills that are due, at most {@code max} of each. A will is due if its client is not
     * connected; if it is, the connection that attached last publishes it. A will outlives the session.
     */
    CompletionStage<Swept> sweep(int max);

    /**
     * Epoch, last number and progress of sessions: for checks after a member of the cluster has died, records of the bus were lost, or the store
     * was replaced, and to see whether a deep queue gets shorter. Sessions that are gone are left out.
     */
    CompletionStage<List<Position>> positions(Collection<SessionRef> sessions);

    /**
     * Numbers the records of a session anew, each above {@code sentUpTo} by more than 65,535, in their order. It is called
     * for a session whose last number is lower than what was sent of it, because the store was replaced by a copy that had lost its end: no
     * number, and no packet id in flight, may name two messages. Changes nothing if the last number is not lower. The caller drops what it has
     * collected to {@link #acknowledge}, and its connection.
     */
    CompletionStage<FenceResult> renumber(Fence fence, long sentUpTo);

    /**
     * What {@link #attach} needs.
     *
     * @param client whose session
     * @param username that CONNECT gave; it is kept with the will, which is published for this user
     * @param token of this attach
     * @param node that the client is connected to
     * @param cleanSession whether a new session is asked for
     * @param expirySeconds how long the session outlives the connection; 0 ends it with the connection
     * @param will the will of the connection
     * @param window how many records are wanted with the answer
     */
    record AttachRequest(
            ClientId client,
            Optional<String> username,
            Token token,
            NodeId node,
            boolean cleanSession,
            long expirySeconds,
            Optional<Will> will,
            int window) {}

    /**
     * What {@link #attach} found.
     *
     * @param fence for all further changes of this connection
     * @param session the incarnation
     * @param present whether it existed before
     * @param lastSeq the highest number given so far; 65,535 in a new session
     * @param dupUpTo records up to here may have been sent before and go out with DUP: the highest number that any connection before sent, as
     *     far as it said so when it detached; all up to {@code lastSeq} if one left without detach
     * @param records the first records of the queue
     * @param released numbers of QoS 2 deliveries whose PUBREC was seen and whose PUBCOMP was not, ascending
     * @param inbound packet ids of open inbound QoS 2 exchanges
     * @param subscriptions what the session is subscribed to
     * @param retained retained messages that are still to be queued
     * @param pendingWills wills of earlier connections of the client, oldest first; they are published before CONNACK
     * @param previous the owner before, if it was still attached
     */
    record Attached(
            Fence fence,
            SessionRef session,
            boolean present,
            long lastSeq,
            long dupUpTo,
            List<Queued> records,
            List<Long> released,
            Map<Integer, Qos2InState> inbound,
            List<Subscription> subscriptions,
            List<RetainedCursor> retained,
            List<PendingWill> pendingWills,
            Optional<Owner> previous) {
        /** Copies the collections. */
        public Attached {
            records = List.copyOf(records);
            released = List.copyOf(released);
            inbound = Map.copyOf(inbound);
            subscriptions = List.copyOf(subscriptions);
            retained = List.copyOf(retained);
            pendingWills = List.copyOf(pendingWills);
        }
    }

    /** How a connection ended. */
    enum Detach {
        /** With DISCONNECT, or because the broker ended it in order: the will is dropped. */
        CLEAN,
        /** In any other way: the will is published. */
        LOST
    }

    /**
     * A change of subscriptions.
     *
     * @param add set or replaced; each with a QoS of 1 or 2 that is not shared may have retained messages, which get a cursor
     * @param remove given up
     * @param limit how many subscriptions the session may have
     */
    record SubscriptionChange(List<Subscription> add, List<TopicFilter> remove, int limit) {
        /** Copies the lists. */
        public SubscriptionChange {
            add = List.copyOf(add);
            remove = List.copyOf(remove);
        }
    }

    /**
     * The answer of {@link #subscribe}.
     *
     * @param result whether it was done
     * @param refused filters that are beyond the limit
     * @param position of the change in the route log
     */
    record Subscribed(FenceResult result, Set<TopicFilter> refused, RoutePosition position) {
        /** Copies the set. */
        public Subscribed {
            refused = Set.copyOf(refused);
        }
    }

    /** Hears of each leg of {@link #enqueue} once. It is called on any thread and only hands over. */
    interface EnqueueCallback {
        /**
         * The leg is durable.
         *
         * @param leg its index
         * @param seq its number; below 0 if the session is gone, which is as good as delivered
         * @param owner where the client is connected now
         * @param acknowledgedUpTo how far the client has come, as far as is known
         */
        void onStored(int leg, long seq, Owner owner, long acknowledgedUpTo);

        /** The leg failed or its outcome is unknown. */
        void onFailed(int leg, Throwable cause);
    }

    /**
     * A QoS 2 publish of a persistent session.
     *
     * @param packetId of the PUBLISH
     * @param messageId names the message
     * @param message what is published
     * @param targets where it goes
     * @param upstream whether an upstream takes it too, so that {@link Qos2In#DONE} will follow
     */
    record Qos2Publish(int packetId, MessageId messageId, Message message, Targets targets, boolean upstream) {}

    /**
     * The answer of {@link #publishQos2}.
     *
     * @param status what was done
     * @param messageId that of the first attempt
     * @param upstreamDone whether the upstream has it, or none was to take it
     * @param legs for each leg in its order where it went; of a duplicate, whose numbers are not known any more, with number 0 and where the
     *     client is connected now; none if the answer is {@link Status#STALE}
     * @param missed shared targets whose node is no member, so that the caller has to pick another member of the group
     */
    record Qos2Published(
            Status status, MessageId messageId, boolean upstreamDone, List<Stored> legs, List<SharedTarget> missed) {
        /** Copies the lists. */
        public Qos2Published {
            legs = List.copyOf(legs);
            missed = List.copyOf(missed);
        }

        /** What was done. */
        public enum Status {
            /** The message reached all targets. */
            NEW,
            /** It had reached them before. */
            DUPLICATE,
            /** The connection no longer owns the session. */
            STALE
        }
    }

    /**
     * A leg that is durable.
     *
     * @param seq its number; below 0 if the session is gone, 0 if it is not known
     * @param owner where the client is connected
     * @param acknowledgedUpTo how far the client has come, as far as is known
     */
    record Stored(long seq, Owner owner, long acknowledgedUpTo) {}

    /** How far an inbound QoS 2 exchange has come. */
    enum Qos2InState {
        /** The retained message is written; the queues are not. */
        BEGUN,
        /** The message is in all queues; the upstream may not have it. */
        ENQUEUED,
        /** The upstream has it too, or none was to take it. */
        DONE
    }

    /** A later step of an inbound QoS 2 exchange. */
    enum Qos2In {
        /** The upstream has the message. */
        DONE,
        /** PUBREL came: the packet id is free. */
        CLEAR
    }

    /** A step of an outbound QoS 2 exchange. */
    enum Qos2Out {
        /** PUBREC came: the payload is dropped; PUBREL may be sent. */
        RELEASED,
        /** PUBCOMP came: the packet id is free. */
        COMPLETED
    }

    /**
     * How far the retained messages of one subscription have been queued.
     *
     * @param filter of the subscription
     * @param grant its QoS
     * @param after the last topic that was queued; empty at the beginning
     */
    record RetainedCursor(TopicFilter filter, QoS grant, String after) {}

    /**
     * One page for {@link #enqueueRetained}.
     *
     * @param from the cursor as it was
     * @param topics that match, in the order of the retained store
     * @param next the cursor after this page; empty if it was the last
     */
    record RetainedStep(RetainedCursor from, List<TopicName> topics, Optional<RetainedCursor> next) {
        /** Copies the list. */
        public RetainedStep {
            topics = List.copyOf(topics);
        }
    }

    /**
     * The answer of {@link #enqueueRetained}.
     *
     * @param result whether the fence held
     * @param lastSeq the highest number of the queue afterwards
     */
    record RetainedEnqueued(FenceResult result, long lastSeq) {}

    /**
     * A will whose connection is over.
     *
     * @param client whose will
     * @param epoch of that connection
     * @param username that its CONNECT gave, see {@link AttachRequest#username()}
     * @param will what is to be published
     */
    record PendingWill(ClientId client, long epoch, Optional<String> username, Will will) {}

    /**
     * The answer of {@link #fireWill}.
     *
     * @param fired whether this call published it
     * @param legs for each leg in its order where it went
     * @param missed shared targets whose node is no member, so that the caller has to pick another member of the group
     */
    record Fired(boolean fired, List<Stored> legs, List<SharedTarget> missed) {
        /** Copies the lists. */
        public Fired {
            legs = List.copyOf(legs);
            missed = List.copyOf(missed);
        }
    }

    /**
     * The answer of {@link #sweep}.
     *
     * @param expired how many sessions were deleted
     * @param wills that are due
     */
    record Swept(int expired, List<PendingWill> wills) {
        /** Copies the list. */
        public Swept {
            wills = List.copyOf(wills);
        }
    }

    /**
     * Where a session stands.
     *
     * @param session which
     * @param epoch of its last attach
     * @param lastSeq the highest number given
     * @param acknowledgedUpTo how far the client has come, as far as is known
     */
    record Position(SessionRef session, long epoch, long lastSeq, long acknowledgedUpTo) {}
}
