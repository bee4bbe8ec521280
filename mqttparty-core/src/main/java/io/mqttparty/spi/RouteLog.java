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
     * the sink do not overlap.
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

    /** Tells the others how far this node has applied the log; write-behind. */
    void applied(NodeId node, RoutePosition position);

    /** The position that all members that follow the log have applied. */
    CompletionStage<RoutePosition> appliedByAll();

    /** Takes the log, on a thread of the store. */
    interface RouteSink {
        /** One change; the changes of the snapshot carry the position that it was taken at. */
        void apply(RouteChange change, RoutePosition position);

        /** Everything up to this time has been delivered: {@link System#nanoTime()} before the read that found nothing more was sent. */
        void freshAsOf(long nanoTime);
    }
}
