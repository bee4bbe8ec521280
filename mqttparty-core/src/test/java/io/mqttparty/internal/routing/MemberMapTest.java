package io.mqttparty.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Members against a hash map, through sizes where the vector gains and loses levels and the index comes and goes. */
final class MemberMapTest {
    private static final int KEYS = 3_000;

    private final Random random = Seed.random(this);
    private final Map<Integer, Integer> oracle = new HashMap<>();
    private @Nullable Slot<Integer, Integer> slot;

    @Test
    void members_randomChanges_agreeWithTheOracle() {
        for (int phase = 0; phase < 6; phase++) {
            int keys = phase % 3 == 0 ? 40 : KEYS;
            int putsOfTen = phase % 2 == 0 ? 8 : 2;
            for (int step = 0; step < 20_000; step++) {
                change(random.nextInt(keys), random.nextInt(10) < putsOfTen);
            }
            assertSame();
        }
        while (slot != null) {
            change(slot.members().key(random.nextInt(slot.members().size())), false);
        }
        assertThat(oracle).isEmpty();
    }

    @Test
    void members_takenBeforeChanges_stayAsTheyWere() {
        for (int i = 0; i < 1_025; i++) {
            change(i, true);
        }
        Members<Integer, Integer> before = slot.members();
        for (int i = 0; i < 1_024; i++) {
            change(i, false);
        }

        assertThat(before.size()).isEqualTo(1_025);
        for (int i = 0; i < before.size(); i++) {
            assertThat(before.key(i)).isEqualTo(i);
        }
        assertThat(slot.members().key(0)).isEqualTo(1_024);
        assertThat(slot).isInstanceOf(Member.class);
    }

    private void change(int key, boolean put) {
        Integer expected = put ? oracle.get(key) : oracle.remove(key);
        assertThat(slot == null ? null : slot.valueOf(key)).isEqualTo(expected);
        if (put) {
            int value = random.nextInt();
            oracle.put(key, value);
            Member<Integer, Integer> member = new Member<>(key, value);
            slot = slot == null ? member : slot.with(member);
        } else if (slot != null) {
            slot = slot.without(key);
        }
        assertThat(slot == null ? 0 : slot.members().size()).isEqualTo(oracle.size());
    }

    private void assertSame() {
        Map<Integer, Integer> found = new HashMap<>();
        for (int i = 0; i < slot.members().size(); i++) {
            found.put(slot.members().key(i), slot.members().value(i));
        }
        assertThat(found).isEqualTo(oracle);
    }
}
