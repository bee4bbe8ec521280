package io.mqttparty.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs event loops on the thread that asks for it, one turn each in the order of their creation, until none has work. A second thread is
 * let in, one at a time, so that a stage which another thread completes gets through; the order of events is that of the test as long as
 * one thread does everything.
 */
final class LoopRunner {
    private static final int MOST_TASKS_OF_A_RUN = 10_000_000;

    private final ReentrantLock running = new ReentrantLock();
    private final List<LoopbackEventLoop> loops = new CopyOnWriteArrayList<>();
    private final ConcurrentSkipListSet<Timer> timers = new ConcurrentSkipListSet<>();
    private final Queue<Runnable> whenIdle = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong submissions = new AtomicLong();
    private final AtomicLong elapsedNanos = new AtomicLong();
    private volatile boolean manual;
    private volatile @Nullable LoopbackEventLoop current;
    private boolean draining;
    private int tasksOfThisRun;

    void add(LoopbackEventLoop loop) {
        loops.add(loop);
    }

    void remove(LoopbackEventLoop loop) {
        loops.remove(loop);
        timers.removeIf(each -> each.loop() == loop);
    }

    long elapsedNanos() {
        return elapsedNanos.get();
    }

    void elapse(long nanos) {
        elapsedNanos.addAndGet(nanos);
    }

    void stepManually() {
        manual = true;
    }

    void stepAutomatically() {
        manual = false;
    }

    boolean isRunning(LoopbackEventLoop loop) {
        return current == loop && running.isHeldByCurrentThread();
    }

    /** What the test does to the outside of a loop, and then what follows from it unless the test steps by hand. */
    <T> T act(Supplier<T> action) {
        running.lock();
        try {
            T result = action.get();
            if (manual || draining) {
                return result;
            }
            drain();
            throwFailures();
            return result;
        } finally {
            running.unlock();
        }
    }

    /** Something was submitted, perhaps by the code under test: it never sees a failure of what runs now. */
    void kick() {
        while (!manual && hasWork() && !running.isHeldByCurrentThread() && running.tryLock()) {
            try {
                drain();
            } finally {
                running.unlock();
            }
        }
    }

    void runUntilIdle() {
        runAlone(this::drain);
    }

    void runOneTurn(List<LoopbackEventLoop> some) {
        runAlone(() -> turn(some));
    }

    void runOneTurn() {
        runOneTurn(loops);
    }

    void advance(long nanos) {
        runAlone(() -> {
            drain();
            long target = elapsedNanos.get() + nanos;
            for (Optional<Timer> next = firstDueBy(target); next.isPresent(); next = firstDueBy(target)) {
                elapsedNanos.accumulateAndGet(next.get().dueNanos(), Math::max);
                drain();
            }
            elapsedNanos.set(target);
            drain();
        });
    }

    Timer schedule(LoopbackEventLoop loop, long delayNanos, Runnable task) {
        long now = elapsedNanos.get();
        long due = delayNanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + Math.max(0, delayNanos);
        Timer timer = new Timer(due, submissions.incrementAndGet(), loop, task, timers::remove);
        timers.add(timer);
        return timer;
    }

    int scheduledTasks() {
        return timers.size();
    }

    Optional<Long> nanosToNextTask() {
        return timers.stream().findFirst().map(each -> Math.max(0, each.dueNanos() - elapsedNanos.get()));
    }

    void whenIdle(Runnable action) {
        whenIdle.add(action);
    }

    /** Runs one task or event of a loop; what it throws fails the test at its next step. */
    void run(LoopbackEventLoop loop, Runnable task) {
        if (++tasksOfThisRun > MOST_TASKS_OF_A_RUN) {
            throw new AssertionError("the event loops do not become idle: a task submits itself again and again");
        }
        current = loop;
        try {
            task.run();
        } catch (Throwable failure) {
            failed(failure);
        } finally {
            current = null;
        }
    }

    void failed(Throwable failure) {
        if (!failures.contains(failure)) {
            failures.add(failure);
        }
    }

    void throwFailures() {
        List<Throwable> all = new ArrayList<>();
        for (Throwable each = failures.poll(); each != null; each = failures.poll()) {
            all.add(each);
        }
        if (all.isEmpty()) {
            return;
        }
        AssertionError first = all.get(0) instanceof AssertionError error
                ? error
                : new AssertionError("a task of an event loop failed: " + all.get(0), all.get(0));
        all.stream().skip(1).forEach(first::addSuppressed);
        throw first;
    }

    private void runAlone(Runnable action) {
        running.lock();
        try {
            if (draining) {
                throw new IllegalStateException(
                        "the event loops are running (expected: called by the test, not by a task)");
            }
            action.run();
            throwFailures();
        } finally {
            running.unlock();
        }
    }

    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        tasksOfThisRun = 0;
        try {
            while (step()) {
                // until nothing is left
            }
        } finally {
            draining = false;
        }
    }

    private boolean step() {
        if (turnOfEach(loops)) {
            return true;
        }
        Optional<Timer> due = firstDueBy(elapsedNanos.get());
        if (due.isPresent()) {
            fire(due.get());
            return true;
        }
        Runnable idle = whenIdle.poll();
        if (idle != null) {
            idle.run();
        }
        return idle != null;
    }

    private void turn(List<LoopbackEventLoop> some) {
        draining = true;
        tasksOfThisRun = 0;
        try {
            timers.stream()
                    .takeWhile(each -> each.dueNanos() <= elapsedNanos.get())
                    .filter(each -> some.contains(each.loop()))
                    .toList()
                    .forEach(this::fire);
            turnOfEach(some);
        } finally {
            draining = false;
        }
    }

    private static boolean turnOfEach(List<LoopbackEventLoop> some) {
        boolean any = false;
        for (LoopbackEventLoop each : some) {
            any |= each.turn();
        }
        return any;
    }

    private void fire(Timer timer) {
        if (timers.remove(timer)) {
            timer.loop().enqueue(timer::run);
        }
    }

    private boolean hasWork() {
        return loops.stream().anyMatch(LoopbackEventLoop::isRunnable)
                || firstDueBy(elapsedNanos.get()).isPresent()
                || !whenIdle.isEmpty();
    }

    private Optional<Timer> firstDueBy(long nanos) {
        return timers.stream().findFirst().filter(each -> each.dueNanos() <= nanos);
    }
}
