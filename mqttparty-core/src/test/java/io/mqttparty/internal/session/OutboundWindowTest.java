package io.mqttparty.internal.session;

import static io.mqttparty.internal.session.Machines.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.SessionStore;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OutboundWindowTest {
    @Test
    void packetId_startsAt1AndSkips0() {
        assertThat(SessionStore.packetId(FIRST)).isEqualTo(1);
        assertThat(SessionStore.packetId(FIRST + 65_534)).isEqualTo(65_535);
        assertThat(SessionStore.packetId(FIRST + 65_535)).isEqualTo(1);
    }

    @Test
    void open_anyOrder_isFoundByPacketId() {
        OutboundWindow window = new OutboundWindow(10, FIRST);
        window.open(FIRST + 500, OutboundWindow.RELEASED);
        window.open(FIRST + 2, OutboundWindow.PUBLISHED_1);
        window.open(FIRST + 700, OutboundWindow.PUBLISHED_2);

        assertThat(window.find(501)).isEqualTo(FIRST + 500);
        assertThat(window.find(3)).isEqualTo(FIRST + 2);
        assertThat(window.find(701)).isEqualTo(FIRST + 700);
        assertThat(window.find(4)).isEqualTo(-1);
        assertThat(window.low()).isEqualTo(FIRST + 2);
        window.free(FIRST + 2);
        assertThat(window.low()).isEqualTo(FIRST + 500);
    }

    @Test
    void random_againstAMap_agrees() {
        long seed = Long.getLong("mqttparty.seed", System.nanoTime());
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        int maximum = 1 + random.nextInt(300);
        OutboundWindow window = new OutboundWindow(maximum, FIRST);
        TreeMap<Long, Byte> model = new TreeMap<>();
        long next = FIRST;
        for (int step = 0; step < 300_000; step++) {
            if (random.nextInt(3) > 0 && window.admits(next)) {
                byte state = (byte) (1 + random.nextInt(4));
                window.open(next, state);
                model.put(next, state);
                next += 1 + (random.nextInt(50) == 0 ? random.nextInt(20) : 0);
            } else if (!model.isEmpty()) {
                Long any = model.ceilingKey(model.firstKey() + random.nextLong(model.lastKey() - model.firstKey() + 1));
                assertThat(window.find(SessionStore.packetId(any))).isEqualTo(any);
                window.free(any);
                model.remove(any);
            }
            check(window, model);
        }
    }

    private static void check(OutboundWindow window, TreeMap<Long, Byte> model) {
        assertThat(window.open()).isEqualTo(model.size());
        if (!model.isEmpty()) {
            Map.Entry<Long, Byte> first = model.firstEntry();
            assertThat(window.low()).isEqualTo(first.getKey());
            assertThat(window.state(first.getKey())).isEqualTo(first.getValue());
        }
    }
}
