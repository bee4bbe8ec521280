package io.mqttparty.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The time of a test, and the one who runs what happens in it: a monotonic time for event loops, a wall clock for everything else, and the
 * deterministic event loops that live on it. It stands still until {@link #advance} is called. Several transports may share one clock, for
 * instance those of the nodes of a cluster.
 *
 * <p>Everything runs on the thread of the test. A task that fails, or breaks the contract of the transport, fails the next call of the test.
 */
public final class FakeClock implements InstantSource {
    private final LoopRunner runner = new LoopRunner();
    private final long originNanos;
    private volatile Instant originWall;

    private FakeClock(Instant originWall, long originNanos) {
        this.originWall = originWall;
        this.originNanos = originNanos;
    }

    /** A clock that starts at 2030-01-01T00:00:00Z. */
    public static FakeClock create() {
        return startingAt(Instant.parse("2030-01-01T00:00:00Z"));
    }

    /** A clock that starts at this wall-clock time. */
    public static FakeClock startingAt(Instant wall) {
        return startingAt(wall, 1_000_000_000_000L);
    }

    /** A clock with this wall-clock time and this monotonic time, such as one shortly before {@link Long#MAX_VALUE}, where it wraps round. */
    public static FakeClock startingAt(Instant wall, long nanoTime) {
        return new FakeClock(wall, nanoTime);
    }

    /** The monotonic time in nanoseconds, which {@link LoopbackEventLoop#nanoTime()} gives. */
    public long nanoTime() {
        return originNanos + runner.elapsedNanos();
    }

    /** The wall clock. */
    @Override
    public Instant instant() {
        return originWall.plusNanos(runner.elapsedNanos());
    }

    /**
     * Lets time pass: runs each scheduled task that becomes due at its time, in the order of time and then of submission, and all loops until
     * idle before, between and after them. It does so when the test steps by hand, too.
     *
     * @throws IllegalArgumentException if the duration is negative
     */
    public void advance(Duration duration) {
        runner.advance(positiveNanos(duration));
    }

    /** Lets time pass without running anything, as if the process had been stopped. What became due meanwhile runs late. */
    public void elapse(Duration duration) {
        runner.elapse(positiveNanos(duration));
    }

    /** Sets the wall clock forward or back, as NTP or an operator does; the monotonic time does not notice. */
    public void shiftWallClock(Duration duration) {
        originWall = originWall.plus(duration);
    }

    /** Runs all loops, one turn each in the order of their creation, until none has work and no scheduled task is due. */
    public void runUntilIdle() {
        runner.runUntilIdle();
    }

    /** Runs one turn of each loop. */
    public void runOneTurn() {
        runner.runOneTurn();
    }

    /** From now on nothing runs by itself: the test calls {@link #runUntilIdle}, {@link #runOneTurn} or {@link #advance}. */
    public void stepManually() {
        runner.stepManually();
    }

    /** From now on each action of a client, and each task that is submitted outside of the loops, runs all loops until idle. It starts like that. */
    public void stepAutomatically() {
        runner.stepAutomatically();
    }

    /** A further event loop on this clock, for a fake of the test. */
    public LoopbackEventLoop newEventLoop(String name) {
        LoopbackEventLoop loop = new LoopbackEventLoop(runner, this, name);
        runner.add(loop);
        return loop;
    }

    /** The number of scheduled tasks that have neither run nor been cancelled. */
    public int scheduledTasks() {
        return runner.scheduledTasks();
    }

    /** How long it is until the next scheduled task is due. */
    public Optional<Duration> timeToNextTask() {
        return runner.nanosToNextTask().map(Duration::ofNanos);
    }

    /** Fails if a task failed or broke the contract since the last call of the test. The other methods and all actions of clients do the same. */
    public void assertNoViolations() {
        runner.throwFailures();
    }

    LoopRunner runner() {
        return runner;
    }

    private static long positiveNanos(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration: " + duration + " (expected: not negative)");
        }
        return duration.toNanos();
    }
}
