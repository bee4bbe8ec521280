package io.mqttparty.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mqttparty.netty.LogCapture;
import io.mqttparty.spi.transport.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract of the broker's event loop over a real one of Netty's. */
class NettyEventLoopTest {
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = new EventLoops(group).all().get(0);

    @AfterEach
    void shutDown() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void execute_insideTheLoop_runsAfterTheCurrentTask() {
        List<String> order = new CopyOnWriteArrayList<>();
        loop.execute(() -> {
            loop.execute(() -> order.add("second"));
            order.add("first " + loop.inEventLoop());
        });
        await().untilAsserted(() -> assertThat(order).containsExactly("first true", "second"));
        assertThat(loop.inEventLoop()).isFalse();
    }

    @Test
    void schedule_delay_runsOnTheLoopNotBeforeItsTime() {
        long start = loop.nanoTime();
        CompletableFuture<Long> ran = new CompletableFuture<>();
        loop.schedule(TimeUnit.MILLISECONDS.toNanos(20), () -> ran.complete(loop.inEventLoop() ? loop.nanoTime() : 0));
        assertThat(ran).succeedsWithin(Duration.ofSeconds(10));
        assertThat(ran.join() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    }

    @Test
    void schedule_cancelled_doesNotRun() {
        AtomicBoolean ran = new AtomicBoolean();
        CompletableFuture<Void> later = new CompletableFuture<>();
        loop.schedule(TimeUnit.MILLISECONDS.toNanos(10), () -> ran.set(true)).cancel();
        loop.schedule(TimeUnit.MILLISECONDS.toNanos(30), () -> later.complete(null));
        assertThat(later).succeedsWithin(Duration.ofSeconds(10));
        assertThat(ran).isFalse();
    }

    @Test
    void schedule_taskThrows_isLogged() {
        try (LogCapture log = new LogCapture()) {
            loop.schedule(0, () -> {
                throw new IllegalStateException("no");
            });
            await().untilAsserted(() -> assertThat(log.warnings()).containsExactly("a scheduled task failed"));
        }
    }

    @Test
    void ended_refusesTasks() {
        shutDown();
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> loop.schedule(1, () -> {})).isInstanceOf(RejectedExecutionException.class);
    }
}
