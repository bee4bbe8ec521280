package io.mqttparty.testkit;

import static java.util.Objects.requireNonNull;

import io.mqttparty.spi.transport.EventLoop;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;

/**
 * An event loop without a thread: the thread of the test runs it, and its time is that of the {@link FakeClock} that made it. A turn first
 * works off the input that is there (new connections, bytes, ends of connections) and then all tasks, also those that the turn itself
 * submitted. A task that throws fails the test at its next step; the loop goes on.
 */
public final class LoopbackEventLoop implements EventLoop {
    private final LoopRunner runner;
    private final FakeClock clock;
    private final String name;
    private final Queue<Runnable> input = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ReadBuffer readBuffer = new ReadBuffer();
    private volatile boolean paused;
    private volatile boolean closed;

    LoopbackEventLoop(LoopRunner runner, FakeClock clock, String name) {
        this.runner = runner;
        this.clock = clock;
        this.name = name;
    }

    /** The name of the loop, such as {@code loopback-0}. */
    public String name() {
        return name;
    }

    /** Runs one turn of this loop alone, to order the steps of several loops by hand. */
    public void runOneTurn() {
        runner.runOneTurn(List.of(this));
    }

    /** Whether there is input or a task that the next turn works off. */
    public boolean hasWork() {
        return !input.isEmpty() || !tasks.isEmpty();
    }

    /** The number of tasks that the next turn works off, without those that it submits itself. */
    public int waitingTasks() {
        return tasks.size();
    }

    /** From now on the loop runs nothing, as if its process had been stopped; what comes meanwhile waits. */
    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        runner.kick();
    }

    /** Whether the next turn would do something. */
    boolean isRunnable() {
        return !paused && hasWork();
    }

    /** Whether the loop takes no more tasks. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean inEventLoop() {
        return runner.isRunning(this);
    }

    /**
     * Submits a task. Called outside of the loops it also runs them until idle, unless the test steps by hand: the broker cannot tell this from
     * a loop that was fast.
     */
    @Override
    public void execute(Runnable task) {
        enqueue(requireOpen(task));
        runner.kick();
    }

    @Override
    public Scheduled schedule(long delayNanos, Runnable task) {
        Scheduled scheduled = runner.schedule(this, delayNanos, requireOpen(task));
        runner.kick();
        return scheduled;
    }

    @Override
    public long nanoTime() {
        return clock.nanoTime();
    }

    @Override
    public String toString() {
        return name;
    }

    void onInput(Runnable event) {
        input.add(event);
    }

    void enqueue(Runnable task) {
        tasks.add(task);
    }

    ReadBuffer readBuffer() {
        return readBuffer;
    }

    void close() {
        closed = true;
        input.clear();
        tasks.clear();
        runner.remove(this);
    }

    boolean turn() {
        if (!isRunnable()) {
            return false;
        }
        for (int events = input.size(); events > 0; events--) {
            runner.run(this, requireNonNull(input.poll()));
        }
        for (Runnable task = tasks.poll(); task != null && !paused; task = tasks.poll()) {
            runner.run(this, task);
        }
        return true;
    }

    private Runnable requireOpen(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("event loop " + name + " is closed");
        }
        return requireNonNull(task, "task");
    }
}
