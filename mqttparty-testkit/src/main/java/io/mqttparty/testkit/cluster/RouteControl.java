package io.mqttparty.testkit.cluster;

import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.transport.EventLoop;
import io.mqttparty.testkit.FakeClock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The route log as one node reads it: every 100 ms it says that it is fresh, unless it is stalled; then entries wait, too. What the node writes
 * and asks goes through the {@link CallControl} of the method.
 */
public final class RouteControl implements RouteLog {
    private static final long PERIOD_NANOS = 100_000_000L;

    private final RouteLog shared;
    private final Calls calls;
    private final EventLoop loop;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private @Nullable Reader current;
    private boolean stalled;

    RouteControl(RouteLog shared, Calls calls, FakeClock clock) {
        this.shared = shared;
        this.calls = calls;
        this.loop = clock.newEventLoop("route-log");
    }

    // ---- the control ----

    /** Nothing of the log reaches the node from now on. */
    public void stall() {
        stalled = true;
    }

    /** What waits reaches the node, in its order, and what follows at once. */
    public void resume() {
        stalled = false;
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
        fresh();
    }

    /** The entry that has waited longest reaches the node; the log stays stalled. */
    public void releaseNext() {
        waiting.remove().run();
    }

    /** How many entries wait. */
    public int waiting() {
        return waiting.size();
    }

    /** The log says this to the node, and to no other. */
    public void tell(RouteChange change) {
        Reader reader = current;
        if (reader == null) {
            throw new AssertionError("the node does not follow the log (expected: a member that does)");
        }
        reader.apply(change, reader.position);
    }

    void cutOff() {
        current = null;
        waiting.clear();
    }

    private void offer(Reader reader, Runnable entry) {
        if (reader != current) {
            return;
        }
        waiting.add(entry);
        if (!stalled) {
            waiting.remove().run();
        }
    }

    private void fresh() {
        Reader reader = current;
        if (reader != null && !stalled) {
            reader.sink.freshAsOf(reader.nanoTime());
        }
    }

    private void tick(Reader reader) {
        if (reader == current) {
            fresh();
            var unused = loop.schedule(PERIOD_NANOS, () -> tick(reader));
        }
    }

    /** Hands on what the shared log says, and says by itself how fresh it is. */
    private final class Reader implements RouteSink {
        private final RouteSink sink;
        private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
        private RoutePosition position = RoutePosition.START;

        Reader(RouteSink sink) {
            this.sink = sink;
        }

        @Override
        public void beginSnapshot() {
            offer(this, sink::beginSnapshot);
        }

        @Override
        public void endSnapshot(RoutePosition end) {
            position = end;
            offer(this, () -> {
                sink.endSnapshot(end);
                fresh();
                caughtUp.complete(null);
            });
        }

        @Override
        public void apply(RouteChange change, RoutePosition at) {
            position = at;
            offer(this, () -> sink.apply(change, at));
        }

        @Override
        public long nanoTime() {
            return sink.nanoTime();
        }

        @Override
        public void freshAsOf(long nanoTime) {}
    }

    // ---- the log ----

    @Override
    public CompletionStage<Void> follow(NodeId node, RouteSink sink) {
        if (calls.isCutOff()) {
            return new CompletableFuture<>();
        }
        return calls.of("follow").stage(() -> {
            Reader reader = new Reader(sink);
            waiting.clear();
            current = reader;
            return shared.follow(node, reader).thenCompose(delivered -> {
                tick(reader);
                return reader.caughtUp;
            });
        });
    }

    @Override
    public CompletionStage<RoutePosition> tail() {
        return control("tail", shared::tail);
    }

    @Override
    public CompletionStage<RoutePosition> addTransient(NodeId node, TopicFilter filter, QoS max) {
        return control("addTransient", () -> shared.addTransient(node, filter, max));
    }

    @Override
    public CompletionStage<RoutePosition> removeTransient(NodeId node, TopicFilter filter) {
        return control("removeTransient", () -> shared.removeTransient(node, filter));
    }

    @Override
    public void applied(NodeId node, RoutePosition position) {
        if (!calls.isCutOff()) {
            calls.of("applied").run(() -> shared.applied(node, position));
        }
    }

    @Override
    public CompletionStage<RoutePosition> appliedByAll() {
        return control("appliedByAll", shared::appliedByAll);
    }

    private CompletionStage<RoutePosition> control(String method, Supplier<CompletionStage<RoutePosition>> call) {
        return calls.isCutOff() ? new CompletableFuture<>() : calls.of(method).stage(call);
    }
}
