package io.mqttparty.redis.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When an inbox is deep, and when it is full. */
final class InboxDepthTest {
    private final InboxDepth depth = new InboxDepth();

    @Test
    void smallEntries_theirNumberCounts() {
        depth.sent(10);
        depth.counted(InboxDepth.DEEP_ENTRIES - 1);
        assertThat(depth.isDeep()).isFalse();
        depth.counted(InboxDepth.DEEP_ENTRIES);
        assertThat(depth.isDeep()).isTrue();
        assertThat(depth.isFull()).isFalse();
        depth.counted(InboxDepth.FULL_ENTRIES);
        assertThat(depth.isFull()).isTrue();
    }

    @Test
    void largeEntries_theirBytesCount() {
        depth.sent(256 * 1024);
        depth.counted(127);
        assertThat(depth.isDeep()).isFalse();
        depth.counted(128);
        assertThat(depth.isDeep()).isTrue();
        assertThat(depth.isFull()).isFalse();
        depth.counted(1_024);
        assertThat(depth.isFull()).isTrue();
        assertThat(depth)
                .hasToString(
                        "1024 entries of about 268435456 bytes wait for the node (expected: less than 100000 and 268435456)");
    }

    @Test
    void entriesBecomeSmaller_meanFollows() {
        depth.sent(256 * 1024);
        for (int i = 0; i < 200; i++) {
            depth.sent(100);
        }
        depth.counted(5_000);
        assertThat(depth.isDeep()).isFalse();
    }

    @Test
    void nothingSentYet_onlyTheNumberCounts() {
        depth.counted(InboxDepth.DEEP_ENTRIES - 1);
        assertThat(depth.isDeep()).isFalse();
    }
}
