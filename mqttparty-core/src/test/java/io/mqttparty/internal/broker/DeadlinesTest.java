package io.mqttparty.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.spi.transport.EventLoop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final long SECOND = 1_000_000_000L;

    private final ManualLoop loop = new ManualLoop();
    private final Deadlines deadlines = new Deadlines(loop);

    /** A loop whose time the test moves. */
    private static final class ManualLoop implements EventLoop {
        private record Task(long at, Runnable action) {}

        private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparingLong(Task::at));
        private long now = 17 * SECOND / 10;

        void advance(long nanos) {
            long until = now + nanos;
            while (!tasks.isEmpty() && tasks.element().at <= until) {
                Task next = tasks.remove();
                now = Math.max(now, next.at);
                next.action.run();
            }
            now = until;
        }

        @Override
        public boolean inEventLoop() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public Scheduled schedule(long delayNanos, Runnable task) {
            Task scheduled = new Task(now + delayNanos, task);
            tasks.add(scheduled);
            return () -> tasks.remove(scheduled);
        }

        @Override
        public long nanoTime() {
            return now;
        }
    }

    /** Notes when it is looked at. */
    private class Noting extends Deadlines.Entry {
        final List<Long> looks = new ArrayList<>();
        final List<Throwable> errors = new ArrayList<>();
        long again = Long.MAX_VALUE;

        @Override
        long onDeadline(long nowNanos) {
            looks.add(nowNanos);
            return again;
        }

        @Override
        void onInternalError(Throwable error) {
            errors.add(error);
        }
    }

    private final class Throwing extends Noting {
        private final Error thrown = new StackOverflowError();

        @Override
        long onDeadline(long nowNanos) {
            super.onDeadline(nowNanos);
            throw thrown;
        }
    }

    @Test
    void set_timeComes_lookedAtNeverEarlyAndAtMostASecondLate() {
        for (long delay : new long[] {0, 1, SECOND / 3, SECOND, 7 * SECOND + 1, 100 * SECOND}) {
            Noting entry = new Noting();
            long due = loop.now + delay;
            deadlines.set(entry, delay);
            loop.advance(delay + 2 * SECOND);
            assertThat(entry.looks).hasSize(1).allSatisfy(at -> assertThat(at).isBetween(due, due + SECOND));
        }
        assertThat(loop.tasks).as("no time goes on for nobody").isEmpty();
    }

    @Test
    void set_again_replacesTheOld() {
        Noting entry = new Noting();
        deadlines.set(entry, 3 * SECOND);
        deadlines.set(entry, 10 * SECOND);
        loop.advance(9 * SECOND);
        assertThat(entry.looks).isEmpty();
        loop.advance(3 * SECOND);
        assertThat(entry.looks).hasSize(1);
    }

    @Test
    void onDeadline_saysWhenAgain_lookedAtThen() {
        Noting entry = new Noting();
        entry.again = 4 * SECOND;
        deadlines.set(entry, 0);
        loop.advance(22 * SECOND);
        assertThat(entry.looks).hasSize(5);
    }

    @Test
    void remove_oneOfSeveral_othersStay() {
        List<Noting> entries = List.of(new Noting(), new Noting(), new Noting());
        entries.forEach(entry -> deadlines.set(entry, SECOND));
        deadlines.remove(entries.get(1));
        deadlines.remove(entries.get(1));
        loop.advance(3 * SECOND);
        assertThat(entries).extracting(entry -> entry.looks.size()).containsExactly(1, 0, 1);
    }

    @Test
    void onDeadline_throws_timeOfTheOthersGoesOn() {
        Noting before = new Noting();
        Throwing thrower = new Throwing();
        Noting after = new Noting();
        Noting later = new Noting();
        List.of(before, thrower, after).forEach(entry -> deadlines.set(entry, 2 * SECOND));
        deadlines.set(later, 5 * SECOND);
        before.again = 3 * SECOND;

        loop.advance(4 * SECOND);
        assertThat(before.looks).hasSize(1);
        assertThat(after.looks).as("of the same second").hasSize(1);
        loop.advance(4 * SECOND);
        assertThat(before.looks).hasSize(2);
        assertThat(later.looks).hasSize(1);
        assertThat(thrower.looks).as("it is not looked at again").hasSize(1);
        assertThat(thrower.errors).containsExactly(thrower.thrown);
    }

    @Test
    void onInternalError_throws_timeGoesOnAllTheSame() {
        Deadlines.Entry hopeless = new Noting() {
            @Override
            long onDeadline(long nowNanos) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            void onInternalError(Throwable error) {
                throw new IllegalStateException(error);
            }
        };
        Noting later = new Noting();
        deadlines.set(hopeless, 0);
        deadlines.set(later, 3 * SECOND);
        assertThatThrownBy(() -> loop.advance(2 * SECOND)).isInstanceOf(IllegalStateException.class);
        loop.advance(4 * SECOND);
        assertThat(later.looks).hasSize(1);
    }
}
