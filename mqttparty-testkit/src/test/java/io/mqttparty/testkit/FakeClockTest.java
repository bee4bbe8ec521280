package io.mqttparty.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.spi.transport.EventLoop.Scheduled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class FakeClockTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeClock clock = FakeClock.startingAt(Instant.EPOCH, 500);
    private final LoopbackEventLoop a = clock.newEventLoop("a");
    private final LoopbackEventLoop b = clock.newEventLoop("b");
    private final List<String> log = new ArrayList<>();

    @Test
    void clock_untouched_standsStill() {
        assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
        assertThat(clock.nanoTime()).isEqualTo(500);
        assertThat(a.nanoTime()).isEqualTo(500);
    }

    @Test
    void advance_movesBothTimes() {
        clock.advance(SECOND);

        assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(1));
        assertThat(clock.millis()).isEqualTo(1000);
        assertThat(b.nanoTime()).isEqualTo(1_000_000_500);
    }

    @Test
    void advance_negative_refused() {
        assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("duration: PT-0.000000001S (expected: not negative)");
    }

    @Test
    void advance_overTasksOfSeveralLoops_runsThemInTimeOrderAtTheirTime() {
        a.schedule(30, () -> log.add("a" + clock.nanoTime()));
        b.schedule(10, () -> log.add("b" + clock.nanoTime()));
        a.schedule(20, () -> log.add("a" + clock.nanoTime()));

        clock.advance(Duration.ofNanos(29));
        assertThat(log).containsExactly("b510", "a520");
        assertThat(clock.scheduledTasks()).isEqualTo(1);
        assertThat(clock.timeToNextTask()).contains(Duration.ofNanos(1));

        clock.advance(Duration.ofNanos(1));
        assertThat(log).containsExactly("b510", "a520", "a530");
    }

    @Test
    void advance_tasksOfOneTime_runInOrderOfSubmission() {
        b.schedule(10, () -> log.add("first"));
        a.schedule(10, () -> log.add("second"));
        b.schedule(10, () -> log.add("third"));

        clock.advance(SECOND);

        assertThat(log).containsExactly("first", "second", "third");
    }

    @Test
    void advance_taskSubmitsMore_runsItBeforeTheNextScheduledOne() {
        a.schedule(10, () -> b.execute(() -> log.add("consequence")));
        a.schedule(10, () -> log.add("next"));

        clock.advance(SECOND);

        assertThat(log).containsExactly("consequence", "next");
    }

    @Test
    void advance_taskSchedulesItself_runsItAgainInTheSameAdvance() {
        Runnable[] tick = new Runnable[1];
        tick[0] = () -> {
            log.add("tick");
            a.schedule(SECOND.toNanos(), tick[0]);
        };
        a.schedule(SECOND.toNanos(), tick[0]);

        clock.advance(Duration.ofSeconds(3));

        assertThat(log).hasSize(3);
    }

    @Test
    void cancel_beforeItsTime_dropsTheTask() {
        Scheduled scheduled = a.schedule(10, () -> log.add("never"));
        scheduled.cancel();
        scheduled.cancel();

        clock.advance(SECOND);

        assertThat(log).isEmpty();
        assertThat(clock.scheduledTasks()).isZero();
    }

    @Test
    void cancel_byATaskOfTheSameTime_dropsTheTask() {
        List<Scheduled> later = new ArrayList<>();
        a.schedule(10, () -> later.get(0).cancel());
        later.add(b.schedule(10, () -> log.add("never")));

        clock.advance(SECOND);

        assertThat(log).isEmpty();
    }

    @Test
    void elapse_overATask_runsItLate() {
        clock.stepManually();
        a.schedule(10, () -> log.add("late at " + clock.nanoTime()));

        clock.elapse(Duration.ofNanos(100));
        assertThat(log).isEmpty();

        clock.runUntilIdle();
        assertThat(log).containsExactly("late at 600");
    }

    @Test
    void schedule_withoutDelay_runsAtOnce() {
        a.schedule(0, () -> log.add("zero"));
        a.schedule(-5, () -> log.add("negative"));

        assertThat(log).containsExactly("zero", "negative");
    }

    @Test
    void schedule_longestDelay_neverRuns() {
        clock.advance(SECOND);
        a.schedule(Long.MAX_VALUE, () -> log.add("never"));

        clock.advance(Duration.ofDays(10_000));

        assertThat(log).isEmpty();
    }

    @Test
    void shiftWallClock_backwards_leavesMonotonicTime() {
        clock.shiftWallClock(Duration.ofHours(-1));

        assertThat(clock.instant()).isEqualTo(Instant.EPOCH.minusSeconds(3600));
        assertThat(clock.nanoTime()).isEqualTo(500);
    }

    @Test
    void nanoTime_nearItsEnd_wrapsRound() {
        FakeClock wrapping = FakeClock.startingAt(Instant.EPOCH, Long.MAX_VALUE);
        wrapping.newEventLoop("loop").schedule(10, () -> log.add("ran"));

        wrapping.advance(SECOND);

        assertThat(wrapping.nanoTime()).isNegative();
        assertThat(log).containsExactly("ran");
    }

    @Test
    void execute_outsideOfTheLoops_runsAtOnceOnThatLoopOnly() {
        a.execute(() -> log.add(a.inEventLoop() + " " + b.inEventLoop()));

        assertThat(log).containsExactly("true false");
        assertThat(a.inEventLoop()).isFalse();
    }

    @Test
    void execute_onTheLoop_runsAfterTheTaskThatDidIt() {
        a.execute(() -> {
            a.execute(() -> log.add("second"));
            log.add("first");
        });

        assertThat(log).containsExactly("first", "second");
    }

    @Test
    void stepManually_execute_waitsForTheTest() {
        clock.stepManually();
        a.execute(() -> log.add("a1"));
        b.execute(() -> log.add("b"));
        a.execute(() -> b.execute(() -> log.add("from a")));

        b.runOneTurn();
        assertThat(log).containsExactly("b");

        clock.runOneTurn();
        assertThat(log).containsExactly("b", "a1", "from a");
        assertThat(a.hasWork() || b.hasWork()).isFalse();
    }

    @Test
    void runOneTurn_dueTaskOfAnotherLoop_staysWaiting() {
        clock.stepManually();
        a.schedule(1, () -> log.add("a"));
        b.schedule(1, () -> log.add("b"));
        clock.elapse(SECOND);

        b.runOneTurn();

        assertThat(log).containsExactly("b");
    }

    @Test
    void stepAutomatically_again_runsAtOnce() {
        clock.stepManually();
        clock.stepAutomatically();
        a.execute(() -> log.add("ran"));

        assertThat(log).containsExactly("ran");
    }

    @Test
    void task_throws_failsTheNextCallOfTheTestOnce() {
        IllegalStateException cause = new IllegalStateException("boom");
        a.execute(() -> {
            throw cause;
        });
        a.execute(() -> log.add("the loop lives on"));

        assertThat(log).containsExactly("the loop lives on");
        assertThatThrownBy(clock::runUntilIdle)
                .isInstanceOf(AssertionError.class)
                .hasCause(cause);
        assertThatCode(clock::assertNoViolations).doesNotThrowAnyException();
    }

    @Test
    void tasks_severalThrow_allAreReported() {
        a.execute(() -> {
            throw new IllegalStateException("one");
        });
        b.execute(() -> {
            throw new IllegalStateException("two");
        });

        assertThatThrownBy(clock::assertNoViolations)
                .hasMessageContaining("one")
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(1));
    }

    @Test
    void advance_byATask_refused() {
        a.execute(() -> clock.advance(SECOND));

        assertThatThrownBy(clock::assertNoViolations).hasRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void task_submitsItselfForEver_failsInsteadOfHanging() {
        Runnable[] again = new Runnable[1];
        again[0] = () -> a.execute(again[0]);
        clock.stepManually();
        a.execute(again[0]);

        assertThatThrownBy(clock::runUntilIdle)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("do not become idle");
    }

    @Test
    void close_loop_rejectsTasks() {
        a.schedule(10, () -> log.add("never"));
        a.close();

        assertThatThrownBy(() -> a.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> a.schedule(1, () -> {})).isInstanceOf(RejectedExecutionException.class);
        clock.advance(SECOND);
        assertThat(log).isEmpty();
    }

    @Test
    void execute_byAnotherThread_runsThereAndIsNotLost() throws InterruptedException {
        Thread other = new Thread(() -> a.execute(() -> log.add("ran " + a.inEventLoop())));
        other.start();
        other.join();

        assertThat(log).containsExactly("ran true");
    }
}
