package io.mqttparty.internal.broker;

import io.mqttparty.model.MqttPartyException;
import io.mqttparty.spi.transport.ConnectionHandler;
import io.mqttparty.spi.transport.EventLoop;
import io.mqttparty.spi.transport.Listening;
import io.mqttparty.spi.transport.Transport;
import io.mqttparty.spi.transport.TransportChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** The life of a broker: backend, listeners, membership; and all of it back. */
public final class BrokerNode {
    /** How long what runs on the broker is given to end. */
    private static final long BEFORE_NANOS = 5_000_000_000L;

    /** How long the ends of sessions are waited for. */
    private static final long QUIET_NANOS = 5_000_000_000L;

    /** How long the backend is given to end the membership; the others clear up what it has not. Together with the other two, less than a close may take. */
    private static final long LEAVE_NANOS = 4_000_000_000L;

    private static final long POLL_NANOS = 5_000_000L;

    private final BrokerConfig config;
    private final List<Listening> listening = new ArrayList<>();
    private final CompletableFuture<BrokerRuntime> started = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private boolean stopping;

    /** A broker that is not started. */
    public BrokerNode(BrokerConfig config) {
        this.config = config;
    }

    /** Starts; what was opened is closed again if something fails. */
    public CompletionStage<BrokerRuntime> start() {
        CompletableFuture<BrokerRuntime> result = new CompletableFuture<>();
        var unused = CompletableFuture.<Void>completedFuture(null)
                .thenCompose(begin -> config.startBackend().get())
                .thenCompose(ready -> listen(0))
                .thenCompose(open -> join())
                .whenComplete((runtime, failure) -> {
                    if (failure == null) {
                        started.complete(runtime);
                        result.complete(runtime);
                    } else {
                        closeListeners()
                                .whenComplete((closed, ignored) -> result.completeExceptionally(asOurs(failure)));
                    }
                });
        return result;
    }

    private static Throwable asOurs(Throwable failure) {
        Throwable cause = SpiCalls.unwrap(failure);
        return cause instanceof MqttPartyException
                ? cause
                : new MqttPartyException("the broker cannot start: " + cause.getMessage(), cause);
    }

    private CompletionStage<Void> listen(int index) {
        if (index == config.transports().size()) {
            return CompletableFuture.completedFuture(null);
        }
        Transport transport = config.transports().get(index);
        return transport.listen(channel -> accept(channel, transport.name())).thenCompose(open -> {
            synchronized (listening) {
                listening.add(open);
            }
            return listen(index + 1);
        });
    }

    private ConnectionHandler accept(TransportChannel channel, String listener) {
        return started.isDone() && !started.isCompletedExceptionally()
                ? started.join().accepting().onAccept(channel, listener)
                : EarlyConnection.until(started, channel, listener);
    }

    private CompletionStage<BrokerRuntime> join() {
        Set<EventLoop> loops = new LinkedHashSet<>();
        for (Listening open : listening()) {
            loops.addAll(open.eventLoops());
        }
        BrokerRuntime runtime = new BrokerRuntime(config, loops);
        return runtime.join()
                .whenComplete((joined, failure) -> {
                    if (failure != null) {
                        runtime.abort();
                    }
                })
                .thenApply(joined -> runtime);
    }

    /** The ports of the listeners, in their order; 0 where there is none. */
    public List<Integer> ports() {
        return listening().stream().map(Listening::port).toList();
    }

    /**
     * Stops: no new connections, the end of what runs on the broker, DISCONNECT of the connections that are there as far as the protocol has one, the
     * ends of their sessions, the listeners. Bounded in time; the same stage for every call.
     *
     * @param before ends what runs on the broker; waited for 5 seconds. It is called also if the broker never served.
     */
    public CompletionStage<Void> stop(Supplier<CompletionStage<Void>> before) {
        synchronized (listening) {
            if (stopping) {
                return stopped;
            }
            stopping = true;
        }
        if (!started.isDone() || started.isCompletedExceptionally()) {
            var unused = before.get()
                    .thenCompose(ended -> closeListeners())
                    .whenComplete((closed, failure) -> stopped.complete(null));
            return stopped;
        }
        BrokerRuntime runtime = started.join();
        listening().forEach(open -> open.stopAccepting().exceptionally(failure -> null));
        CompletableFuture<Void> ended = before.get().toCompletableFuture().copy();
        Expiry.after(
                runtime.homeLoop(),
                BEFORE_NANOS,
                ended,
                () -> new MqttPartyException("what runs on the broker did not end in time"));
        var unused = ended.whenComplete((done, failure) -> drain(runtime));
        return stopped;
    }

    private void drain(BrokerRuntime runtime) {
        runtime.drain();
        LoopContext home = runtime.homeLoop();
        long deadline = home.eventLoop().nanoTime() + QUIET_NANOS;
        if (!home.execute(() -> awaitQuiet(runtime, home.eventLoop(), deadline))) {
            leave(runtime);
        }
    }

    private void awaitQuiet(BrokerRuntime runtime, EventLoop home, long deadline) {
        if (runtime.isQuiet() || home.nanoTime() - deadline >= 0) {
            leave(runtime);
            return;
        }
        try {
            var unused = home.schedule(POLL_NANOS, () -> awaitQuiet(runtime, home, deadline));
        } catch (RejectedExecutionException e) { // whoever owns the loop has closed it
            leave(runtime);
        }
    }

    private void leave(BrokerRuntime runtime) {
        CompletableFuture<Void> left =
                CompletableFuture.<Void>completedFuture(null).thenCompose(quiet -> runtime.leave());
        var unused = left.handle((ended, failure) -> {
                    runtime.end();
                    return closeListeners();
                })
                .thenCompose(closing -> closing)
                .whenComplete((closed, failure) -> stopped.complete(null));
        if (!left.isDone()) {
            giveUpLater(runtime.homeLoop().eventLoop(), left);
        }
    }

    private static void giveUpLater(EventLoop home, CompletableFuture<Void> left) {
        EventLoop.Scheduled timer;
        try {
            timer = home.schedule(LEAVE_NANOS, () -> left.complete(null));
        } catch (RejectedExecutionException e) { // without loops there is no time: it ends with the answer
            return;
        }
        var unused = left.whenComplete((ended, failure) -> timer.cancel());
    }

    private CompletionStage<Void> closeListeners() {
        CompletableFuture<?>[] all = listening().stream()
                .map(open -> open.close().toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(all);
    }

    private List<Listening> listening() {
        synchronized (listening) {
            return List.copyOf(listening);
        }
    }
}
