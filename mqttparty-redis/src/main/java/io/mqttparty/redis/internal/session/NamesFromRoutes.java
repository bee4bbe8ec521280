package io.mqttparty.redis.internal.session;

import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.RoutePosition;
import java.util.concurrent.CompletionStage;

/**
 * A route log that tells the session store what it delivers: so a node knows the incarnations of sessions that it has never seen, and a client
 * that comes back to another node is attached in one round trip.
 */
final class NamesFromRoutes implements RouteLog {
    private final RouteLog log;
    private final SessionNames names;

    NamesFromRoutes(RouteLog log, SessionNames names) {
        this.log = log;
        this.names = names;
    }

    @Override
    public CompletionStage<Void> follow(NodeId node, RouteSink sink) {
        return log.follow(node, new Listening(sink));
    }

    @Override
    public CompletionStage<RoutePosition> tail() {
        return log.tail();
    }

    @Override
    public CompletionStage<RoutePosition> addTransient(NodeId node, TopicFilter filter, QoS max) {
        return log.addTransient(node, filter, max);
    }

    @Override
    public CompletionStage<RoutePosition> removeTransient(NodeId node, TopicFilter filter) {
        return log.removeTransient(node, filter);
    }

    @Override
    public void applied(NodeId node, RoutePosition position) {
        log.applied(node, position);
    }

    @Override
    public CompletionStage<RoutePosition> appliedByAll() {
        return log.appliedByAll();
    }

    @Override
    public boolean isAlwaysFresh() {
        return log.isAlwaysFresh();
    }

    /** Listens to what goes to another. */
    private final class Listening implements RouteSink {
        private final RouteSink sink;

        Listening(RouteSink sink) {
            this.sink = sink;
        }

        @Override
        public void beginSnapshot() {
            sink.beginSnapshot();
        }

        @Override
        public void endSnapshot(RoutePosition position) {
            sink.endSnapshot(position);
        }

        @Override
        public void apply(RouteChange change, RoutePosition position) {
            if (change instanceof RouteChange.SessionRoutes routes) {
                names.heard(routes.session());
            } else if (change instanceof RouteChange.SessionGone gone) {
                names.ended(gone.session());
            }
            sink.apply(change, position);
        }

        @Override
        public long nanoTime() {
            return sink.nanoTime();
        }

        @Override
        public void freshAsOf(long nanoTime) {
            sink.freshAsOf(nanoTime);
        }
    }
}
