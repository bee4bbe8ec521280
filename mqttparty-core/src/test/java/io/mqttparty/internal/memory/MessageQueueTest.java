package io.mqttparty.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class MessageQueueTest {
    private static final long FIRST = SessionStore.FIRST_SEQ;
    private static final Message MESSAGE = Message.of("t", "123456789", QoS.AT_LEAST_ONCE); // 10 bytes

    @Test
    void anySteps_against_aSortedMap_areAlike() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int limit = 1 + random.nextInt(40);
            MessageQueue queue = new MessageQueue(limit, Long.MAX_VALUE);
            NavigableMap<Long, Message> model = new TreeMap<>();
            long next = FIRST;
            for (int step = 0; step < 500; step++) {
                if (random.nextInt(3) > 0) {
                    assertThat(queue.append(MESSAGE)).isEqualTo(next);
                    model.put(next++, MESSAGE);
                    if (model.size() > limit) {
                        model.pollFirstEntry();
                    }
                } else {
                    long seq = next - 1 - random.nextInt(limit + 2);
                    queue.remove(seq);
                    model.remove(seq);
                }
                if (random.nextInt(20) == 0) {
                    queue.trim();
                }
                assertThat(queue.read(0, 1_000)).as("seed %s", seed).isEqualTo(records(model));
                assertThat(queue.lastSeq()).isEqualTo(next - 1);
                assertThat(queue.doneUpTo()).isEqualTo(model.isEmpty() ? next - 1 : model.firstKey() - 1);
            }
        }
    }

    @Test
    void read_fromTheMiddle_skipsHoles() {
        MessageQueue queue = new MessageQueue(100, Long.MAX_VALUE);
        for (int i = 0; i < 10; i++) {
            queue.append(MESSAGE);
        }
        queue.remove(FIRST + 4);
        queue.remove(FIRST + 5);

        assertThat(queue.read(FIRST + 2, 3)).extracting(Queued::seq).containsExactly(FIRST + 3, FIRST + 6, FIRST + 7);
    }

    @Test
    void append_overTheBytes_dropsTheOldest() {
        MessageQueue queue = new MessageQueue(100, 35);
        for (int i = 0; i < 5; i++) {
            queue.append(MESSAGE);
        }

        assertThat(queue.read(0, 10)).extracting(Queued::seq).containsExactly(FIRST + 2, FIRST + 3, FIRST + 4);
    }

    @Test
    void append_oneLargerThanAllBytes_staysAlone() {
        MessageQueue queue = new MessageQueue(100, 5);
        queue.append(MESSAGE);
        queue.append(MESSAGE);

        assertThat(queue.read(0, 10)).extracting(Queued::seq).containsExactly(FIRST + 1);
    }

    @Test
    void append_behindOneThatIsNeverAcknowledged_isBounded() {
        MessageQueue queue = new MessageQueue(100, Long.MAX_VALUE);
        queue.append(MESSAGE);
        for (int i = 0; i < MessageQueue.MAX_SPAN; i++) {
            queue.remove(queue.append(MESSAGE));
        }

        assertThat(queue.read(0, 10)).isEmpty();
        assertThat(queue.doneUpTo()).isEqualTo(queue.lastSeq());
    }

    private static List<Queued> records(NavigableMap<Long, Message> model) {
        List<Queued> records = new ArrayList<>();
        model.forEach((seq, message) -> records.add(new Queued(seq, message)));
        return records;
    }
}
