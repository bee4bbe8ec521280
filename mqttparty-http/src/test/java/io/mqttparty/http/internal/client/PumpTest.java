package io.mqttparty.http.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class PumpTest {
    private final Deque<Runnable> work = new ArrayDeque<>();
    private final Pump pump = new Pump(this::step);

    private boolean step() {
        Runnable next = work.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }

    @Test
    void stepThatAsksAgain_doesNotNest() {
        AtomicInteger depth = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        for (int i = 0; i < 100_000; i++) {
            work.add(() -> {
                deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
                pump.run();
                depth.decrementAndGet();
            });
        }
        pump.run();

        assertThat(work).isEmpty();
        assertThat(deepest).hasValue(1);
    }

    @Test
    void stepThatThrows_doesNotStopThePump() {
        work.add(() -> {
            throw new IllegalStateException("on purpose");
        });
        AtomicInteger done = new AtomicInteger();
        work.add(done::incrementAndGet);

        assertThatThrownBy(pump::run).isInstanceOf(IllegalStateException.class);
        pump.run();

        assertThat(done).hasValue(1);
    }

    @Test
    void manyThreads_nothingIsLeftOver() throws InterruptedException {
        AtomicInteger left = new AtomicInteger();
        AtomicInteger inside = new AtomicInteger();
        Pump shared = new Pump(() -> {
            assertThat(inside.incrementAndGet()).isEqualTo(1);
            boolean more = left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
            inside.decrementAndGet();
            return more;
        });
        Thread[] threads = new Thread[4];
        CountDownLatch go = new CountDownLatch(1);
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int k = 0; k < 20_000; k++) {
                    left.incrementAndGet();
                    shared.run();
                }
            });
            threads[i].start();
        }
        go.countDown();
        for (Thread each : threads) {
            each.join();
        }

        assertThat(left).hasValue(0);
    }
}
