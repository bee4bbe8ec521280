package io.mqttparty.testkit;

import io.mqttparty.spi.transport.EventLoop;
import io.mqttparty.spi.transport.Listening;
import io.mqttparty.spi.transport.Transport;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A transport without sockets and threads: clients connect with {@link #connect()}, and everything runs on the thread of the test, in the
 * same order each time. It is strict: a broker that calls a channel off its loop, writes after it closed, or writes a batch of another
 * length than announced fails the test, as does any exception that escapes from a handler or task.
 *
 * <pre>{@code
 * FakeClock clock = FakeClock.create();
 * LoopbackTransport transport = LoopbackTransport.create(clock);
 * // … start a broker on it …
 * TestClient client = TestClient.connected(transport.connect(), "a");
 * clock.advance(Duration.ofSeconds(10));
 * }</pre>
 */
public final class LoopbackTransport implements Transport, AutoCloseable {
    private static final int FIRST_PORT = 10_000;

    private final FakeClock clock;
    private final LoopRunner runner;
    private final String name;
    private final List<LoopbackEventLoop> loops;
    private final Set<LoopbackChannel> open = new LinkedHashSet<>();
    private final Tally total = Tally.ofTransport();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private @Nullable Acceptor acceptor;
    private @Nullable Throwable listenFailure;
    private boolean accepting;
    private int connections;

    private LoopbackTransport(FakeClock clock, int eventLoops, String name) {
        this.clock = clock;
        this.runner = clock.runner();
        this.name = name;
        this.loops = IntStream.range(0, eventLoops)
                .mapToObj(i -> clock.newEventLoop(name + "-" + i))
                .toList();
    }

    /** A transport with one event loop and the name {@code loopback}. */
    public static LoopbackTransport create(FakeClock clock) {
        return create(clock, 1);
    }

    /** A transport with some event loops and the name {@code loopback}. */
    public static LoopbackTransport create(FakeClock clock, int eventLoops) {
        return create(clock, eventLoops, "loopback");
    }

    /** A transport with some event loops and a name. */
    public static LoopbackTransport create(FakeClock clock, int eventLoops, String name) {
        if (eventLoops < 1) {
            throw new IllegalArgumentException("eventLoops: " + eventLoops + " (expected: at least 1)");
        }
        return new LoopbackTransport(clock, eventLoops, name);
    }

    /** Lets {@link #listen} fail with this cause, as if the port were taken. */
    public void failListening(Throwable cause) {
        listenFailure = cause;
    }

    @Override
    public String name() {
        return name;
    }

    /** Completes at once. A second call fails: one transport serves one broker, once. */
    @Override
    public CompletionStage<Listening> listen(Acceptor newAcceptor) {
        if (acceptor != null) {
            ContractViolation violation = new ContractViolation("listen was called twice [" + name + "]");
            runner.failed(violation);
            return CompletableFuture.failedFuture(violation);
        }
        acceptor = newAcceptor;
        if (listenFailure != null) {
            loops.forEach(LoopbackEventLoop::close);
            return CompletableFuture.failedFuture(listenFailure);
        }
        accepting = true;
        return CompletableFuture.completedFuture(new OpenListener());
    }

    /** Whether {@link #connect()} would be accepted. */
    public boolean isAccepting() {
        return accepting;
    }

    /** A new connection, assigned to the loops in turn, with an address of its own. */
    public LoopbackConnection connect() {
        return connect(UnaryOperator.identity());
    }

    /** A new connection on the loop with this index. */
    public LoopbackConnection connectOn(int eventLoop) {
        return connect(options -> options.withEventLoop(eventLoop));
    }

    /**
     * A new connection with other options than the usual ones.
     *
     * @throws UncheckedIOException if nobody listens
     */
    public LoopbackConnection connect(UnaryOperator<ConnectOptions> choice) {
        return runner.act(() -> {
            Acceptor current = acceptor;
            if (!accepting || current == null) {
                throw new UncheckedIOException(new ConnectException("connection refused: nobody listens on " + name));
            }
            ConnectOptions options = choice.apply(nextOptions());
            LoopbackEventLoop loop = eventLoop(options.eventLoop());
            LoopbackChannel channel = new LoopbackChannel(runner, loop, options, total.ofConnection(), open::remove);
            connections++;
            open.add(channel);
            loop.onInput(() -> channel.accept(current));
            return new LoopbackConnection(runner, channel);
        });
    }

    /** The loop with this index, counted from 0. */
    public LoopbackEventLoop eventLoop(int index) {
        if (index < 0 || index >= loops.size()) {
            throw new IllegalArgumentException("eventLoop: " + index + " (expected: 0 to " + (loops.size() - 1) + ")");
        }
        return loops.get(index);
    }

    /** Stops all loops, as if the process had been stopped: connections stay, what comes waits. */
    public void pause() {
        loops.forEach(LoopbackEventLoop::pause);
    }

    /** Lets the loops run again. */
    public void resume() {
        loops.forEach(LoopbackEventLoop::resume);
    }

    /** Lets the process of the broker die: nothing of it runs any more, clients see the end of their connections, and nobody can connect. */
    public void crash() {
        accepting = false;
        loops.forEach(LoopbackEventLoop::close);
        open.forEach(LoopbackChannel::crash);
        open.clear();
    }

    /** The number of connections that are open on the broker's side. */
    public int openConnections() {
        return open.size();
    }

    /** What went over all connections until now. */
    public LoopbackCounters counters() {
        return total.counters();
    }

    /** The clock of this transport. */
    public FakeClock clock() {
        return clock;
    }

    /** The same as {@link FakeClock#runUntilIdle()}. */
    public void runUntilIdle() {
        clock.runUntilIdle();
    }

    /** Fails if a violation has not been reported yet; for {@code @AutoClose} of JUnit. It closes nothing. */
    @Override
    public void close() {
        clock.assertNoViolations();
    }

    private ConnectOptions nextOptions() {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), FIRST_PORT + connections % 50_000);
        return new ConnectOptions(connections % loops.size(), address, List.of(), Integer.MAX_VALUE);
    }

    private void closeListener() {
        if (closed.isDone()) {
            return;
        }
        accepting = false;
        new ArrayList<>(open).forEach(LoopbackChannel::breakOff);
        runner.whenIdle(() -> {
            loops.forEach(LoopbackEventLoop::close);
            closed.complete(null);
        });
        runner.kick();
    }

    private final class OpenListener implements Listening {
        @Override
        public int port() {
            return 0;
        }

        @Override
        public List<EventLoop> eventLoops() {
            return List.copyOf(loops);
        }

        @Override
        public CompletionStage<Void> stopAccepting() {
            accepting = false;
            return CompletableFuture.completedFuture(null);
        }

        /** Without a thread it is done when the loops have run: at once, unless a task calls it or the test steps by hand. */
        @Override
        public CompletionStage<Void> close() {
            closeListener();
            return closed.copy();
        }
    }
}
