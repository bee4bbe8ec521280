package io.mqttparty.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.TopicName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class TopicCacheTest {
    private final TopicCache cache = new TopicCache();

    @Test
    void topic_putOnce_isFoundInAnyBuffer() {
        TopicName name = put("sensors/kitchen/temperature");
        ByteBuffer direct = ByteBuffer.allocateDirect(40).position(5).put(utf8("sensors/kitchen/temperature"));
        assertThat(cache.find(direct, 5, 27)).isSameAs(name);
        assertThat(cache.find(direct, 5, 26)).isNull();
        assertThat(cache.find(direct, 4, 27)).isNull();
    }

    @Test
    void topics_thatShareASlot_areNeverMixedUp() {
        for (int i = 0; i < 10_000; i++) {
            String topic = "device/" + i + "/state";
            assertThat(find(topic)).isNull();
            TopicName name = put(topic);
            assertThat(find(topic)).isSameAs(name);
        }
        int kept = 0;
        for (int i = 0; i < 10_000; i++) {
            TopicName found = find("device/" + i + "/state");
            assertThat(found == null || found.value().equals("device/" + i + "/state"))
                    .isTrue();
            kept += found == null ? 0 : 1;
        }
        assertThat(kept).isBetween(900, 1024); // the hash reaches nearly all slots
    }

    @Test
    void topic_tooLong_isNotKept() {
        put("a".repeat(129));
        assertThat(find("a".repeat(129))).isNull();
        TopicName longest = put("a".repeat(128));
        assertThat(find("a".repeat(128))).isSameAs(longest);
    }

    private TopicName put(String topic) {
        TopicName name = TopicName.of(topic);
        cache.put(ByteBuffer.wrap(utf8(topic)), 0, topic.length(), name);
        return name;
    }

    private TopicName find(String topic) {
        return cache.find(ByteBuffer.wrap(utf8(topic)), 0, topic.length());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
