package io.mqttparty.spi;

import io.mqttparty.model.ClientId;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The members and how they talk: at least once, in order from one node to another, each record handed over once. Any thread may call it. */
public interface ClusterBus {
    /**
     * Makes a node a member. It stays one until it leaves or its lease is lost.
     *
     * @param handler takes what others send to it and what becomes of its membership, on a thread of the bus, and only hands over
     */
    CompletionStage<Lease> join(NodeId node, Handler handler);

    /**
     * Ends a membership: the node's transient routes go with it, {@link RouteChange.NodeDown} is appended to the route log, and sessions that it
     * still owns become detached as lost, of which another member is told: {@link Handler#onConnectionLost}. It is called at the end, and after {@link Handler#onFenced()} for the id that is over.
     */
    CompletionStage<Void> leave(NodeId node);

    /** The members now. */
    Set<NodeId> members();

    /** Sends a record. The stage completes when the record will reach the node unless that dies; with {@code false} if it is no member. */
    CompletionStage<Boolean> send(NodeId from, NodeId to, BusRecord record);

    /**
     * Whether so much waits to be sent that publishers should pause, before records are refused. Asked as {@link SessionStore#isCongested()} is: it may cost no more than
     * a look at a counter.
     */
    default boolean isCongested() {
        return false;
    }

    /** A membership for as long as it lasts. */
    @FunctionalInterface
    interface Lease {
        /** The lease of a bus that never takes a membership away. */
        Lease ENDLESS = () -> true;

        /**
         * Whether the node is still a member as far as it can know. Once false it stays false. It is asked on event loops before each write to a
         * client, so that nothing is acknowledged by a node that others have given up, and may cost no more than a look at a clock.
         */
        boolean isHeld();
    }

    /** A member, as the bus sees it. Methods only hand over; they may be called on any thread, {@link #onRecord} by one at a time. */
    interface Handler {
        /**
         * One record.
         *
         * @param from the sender; the receiver itself for a record that the session store sent
         */
        void onRecord(NodeId from, BusRecord record);

        /**
         * Called once if the membership was lost: {@link Lease#isHeld()} is false already, and nothing is sent under this id any more. The node
         * closes its connections before it does anything else, and joins again under another id.
         */
        void onFenced();

        /** Records for this node were lost, nobody knows which: its own transient sessions and pushes may have missed some. */
        void onGap();

        /**
         * A node is no member any more, and this client was still connected to it; its session is detached as lost. One other member is told of each such connection, once. It may be that
         * nobody is: if the outcome of the detach is unknown, if who cleared up after the node dies over it, or if the node left in order and cleared up after itself where there is no other member.
         */
        void onConnectionLost(NodeId node, ClientId client);

        /** The store was replaced by a copy that may lack its last changes, as after the fail-over of a server. It serves again. */
        void onStoreReplaced();
    }
}
