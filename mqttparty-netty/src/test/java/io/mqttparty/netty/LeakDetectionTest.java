package io.mqttparty.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

/** That the other tests would notice a leak. */
class LeakDetectionTest {
    @Test
    void buffer_notReleased_isFound() {
        ByteBufAllocator.DEFAULT.directBuffer(16);
        assertThat(NoLeaks.collect()).hasSize(1);
    }
}
