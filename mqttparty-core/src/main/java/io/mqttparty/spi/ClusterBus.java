package io.mqttparty.spi;

import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The members and how they talk: at least once, in order from one node to another, each record handed over once. Any thread may call it. */
public interface ClusterBus {
    /**
     * Makes a node a member.
     *
     * @param handler takes what others send to it, on a thread of the bus, and only hands over
     * @param onFenced called once if the membership was lost: the node closes its connections before it does anything else
     */
    CompletionStage<Void> join(NodeId node, Handler handler, Runnable onFenced);

    /** Ends a membership in order: the node's transient routes go with it, and sessions that it still owns become detached as lost. */
    CompletionStage<Void> leave(NodeId node);

    /** The members now. */
    Set<NodeId> members();

    /** Sends a record. The stage completes when the record will reach the node unless that dies; with {@code false} if it is no member. */
    CompletionStage<Boolean> send(NodeId from, NodeId to, BusRecord record);

    /** Takes records. */
    @FunctionalInterface
    interface Handler {
        /**
         * One record, on a thread of the bus.
         *
         * @param from the sender; the receiver itself for a {@link BusRecord.Transmit} that the session store sent
         */
        void onRecord(NodeId from, BusRecord record);
    }
}
