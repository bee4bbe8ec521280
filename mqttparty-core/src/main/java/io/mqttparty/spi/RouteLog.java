package io.mqttparty.spi;

import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import java.util.concurrent.CompletionStage;

/**
 * One ordered log of all changes of routes, and the snapshot that it starts from. Each node mirrors it, so that a publish asks no store where
 * to go. Changes of persistent sessions are appended by the {@link SessionStore}, those of transient ones here. Methods may be called from any
 * thread.
 */
public interface RouteLog {
    /**
     * Delivers the snapshot and then every change in its order to the sink, for as long as the node is a member; fails if it is none. Calls of
     * the sink do not overlap. A log that cannot go on, because it was trimmed or replaced, begins again with a snapshot.
     *
     * @return completes when the snapshot and all changes that existed at the call have been delivered
     */
    CompletionStage<Void> follow(NodeId node, RouteSink sink);

    /** The position of the last change: a mirror that has applied it is fresh as of this call. */
    CompletionStage<RoutePosition> tail();

    /** Announces that a node has transient sessions with this filter; fails if the node is no member any more. */
    CompletionStage<RoutePosition> addTransient(NodeId node, TopicFilter filter, QoS max);

    /** Announces that the last transient session of a node with this filter is gone. */
    CompletionStage<RoutePosition> removeTransient(NodeId node, TopicFilter filter);

    /**
     * Tells the others how far this node has applied the log. It is called for every change outside of a snapshot and costs no write of its own: a store
     * that writes it anywhere writes at most once in 5 ms, and the last position always.
     */
    void applied(NodeId node, RoutePosition position);

    /** The position that all members that follow the log have applied. A node asks at most once in 2 ms. */
    CompletionStage<RoutePosition> appliedByAll();

    /**
     * Whether every mirror has every change when the call that made it is complete, as in the memory of one process. Then nobody asks how
     * fresh a mirror is. The answer never changes.
     */
    default boolean isAlwaysFresh() {
        return false;
    }

    /** Takes the log, on a thread of the store. */
    interface RouteSink {
        /** A snapshot follows: what the mirror has and the snapshot does not have is gone at its end. */
        void beginSnapshot();

        /** The snapshot was delivered; changes after this position follow. */
        void endSnapshot(RoutePosition position);

        /** One change; the changes of a snapshot carry the position that it was taken at. */
        void apply(RouteChange change, RoutePosition position);

        /** The monotonic clock of the mirror, in nanoseconds with an arbitrary origin; any thread may ask. */
        long nanoTime();

        /**
         * Everything that was in the log at this time has been delivered: {@link #nanoTime()} before the read that found nothing more was sent.
         * A read that asked to wait for changes and found none adds the time that it asked for.
         */
        void freshAsOf(long nanoTime);
    }
}
