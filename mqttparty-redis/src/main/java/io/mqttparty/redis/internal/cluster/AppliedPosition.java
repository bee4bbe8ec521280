package io.mqttparty.redis.internal.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RoutePosition;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far a node of this process has applied the route log, as the others see it: written now and then while the node follows, the last position
 * always. Any thread may tell it.
 */
final class AppliedPosition {
    private static final long RETRY_MILLIS = 100;

    private final RedisContext context;
    private final NodeId node;
    private final Lane lane;
    private final EventExecutor executor;
    private final long everyMillis;

    // guarded by this
    private RoutePosition position = RoutePosition.START;
    private RoutePosition written = RoutePosition.START;
    private boolean announced;
    private boolean busy;

    AppliedPosition(RedisContext context, NodeId node, Lane lane, EventExecutor executor, long everyMillis) {
        this.context = context;
        this.node = node;
        this.lane = lane;
        this.executor = executor;
        this.everyMillis = everyMillis;
    }

    /** The mirror has applied the log up to here. */
    void applied(RoutePosition to) {
        synchronized (this) {
            if (to.compareTo(position) <= 0) {
                return;
            }
            position = to;
            if (!announced || busy) {
                return;
            }
            busy = true;
        }
        write();
    }

    /** The node begins to count among those that follow. */
    CompletionStage<Void> announce() {
        RoutePosition first;
        synchronized (this) {
            first = position;
            written = first;
            announced = true;
            busy = true;
        }
        return hset(first).whenComplete((done, failure) -> waitForNext());
    }

    /** Nothing is written until it is announced again: the mirror is read anew. */
    synchronized void stop() {
        announced = false;
        position = RoutePosition.START;
    }

    private void write() {
        RoutePosition now;
        synchronized (this) {
            if (!announced) {
                busy = false;
                return;
            }
            now = position;
            written = now;
        }
        var unused = hset(now).whenComplete((done, failure) -> onWritten(failure));
    }

    private void onWritten(@Nullable Throwable failure) {
        if (failure == null) {
            waitForNext();
        } else {
            var unused = executor.schedule(this::write, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private CompletionStage<Void> hset(RoutePosition value) {
        return Lanes.call(
                lane,
                CommandType.HSET,
                reply -> null,
                context.keys().routesApplied(),
                node.value().getBytes(UTF_8),
                Positions.write(value).getBytes(US_ASCII));
    }

    private void waitForNext() {
        var unused = executor.schedule(this::next, everyMillis, TimeUnit.MILLISECONDS);
    }

    private void next() {
        synchronized (this) {
            if (!announced || position.equals(written)) {
                busy = false;
                return;
            }
        }
        write();
    }
}
