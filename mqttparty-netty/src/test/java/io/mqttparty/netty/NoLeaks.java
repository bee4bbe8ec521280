package io.mqttparty.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class after which a buffer was found that nobody released. */
public final class NoLeaks implements AfterAllCallback {
    static {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(5));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        assertThat(collect()).as("leaked buffers").isEmpty();
    }

    /** The leaks that a collection of garbage brings to light. */
    static List<String> collect() {
        ReferenceQueue<Object> collected = new ReferenceQueue<>();
        WeakReference<Object> sentinel = new WeakReference<>(new Object(), collected);
        await().until(() -> {
            System.gc();
            return sentinel.refersTo(null) && collected.poll() != null;
        });
        // Netty looks at what was collected when it follows the next buffer of that kind.
        ByteBufAllocator.DEFAULT.directBuffer(16).release();
        ByteBufAllocator.DEFAULT.heapBuffer(16).release();
        List<String> leaks = List.copyOf(LeakRecorder.LEAKS);
        LeakRecorder.LEAKS.clear();
        return leaks;
    }
}
