package io.mqttparty.http.internal.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.TopicName;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is kept, for how long, and what makes room. */
final class DecisionCacheTest {
    private static final Decision YES = new Decision(Verdict.YES, Map.of());
    private static final Decision NO = new Decision(Verdict.FORBIDDEN, Map.of());

    private static QuestionKey key(long number) {
        return new SecretQuestionKey(number, 0, 0, 0);
    }

    private static QuestionKey key(String topic) {
        ClientInfo client = new ClientInfo(
                ClientId.of("c"),
                Optional.empty(),
                ProtocolVersion.MQTT_3_1_1,
                true,
                0,
                new InetSocketAddress(1),
                "tcp",
                Map.of());
        return AccessQuestion.publish(client, TopicName.of(topic));
    }

    @Test
    void put_again_replacesTheDecisionAndItsTime() {
        DecisionCache cache = new DecisionCache(10);
        cache.put(key(1), YES, 100, 0);
        cache.put(key(1), NO, 200, 0);

        assertThat(cache.get(key(1), 199)).isEqualTo(NO);
        assertThat(cache.get(key(1), 200)).isNull();
        assertThat(cache.size()).isOne();
    }

    @Test
    void put_timeIsOver_dropsWhatWasKept() {
        DecisionCache cache = new DecisionCache(10);
        cache.put(key(1), YES, 100, 0);

        cache.put(key(1), NO, 50, 50);

        assertThat(cache.get(key(1), 50)).isNull();
        assertThat(cache.size()).isZero();
    }

    @Test
    void take_timeIsOver_leavesNoEntry() {
        DecisionCache cache = new DecisionCache(10);
        cache.put(key(1), YES, 100, 0);

        assertThat(cache.take(key(1), 100)).isNull();

        assertThat(cache.size()).isZero();
    }

    @Test // nano times go from positive to negative
    void time_overflows_isComparedRightly() {
        DecisionCache cache = new DecisionCache(10);
        cache.put(key(1), YES, Long.MIN_VALUE + 50, Long.MAX_VALUE - 50);

        assertThat(cache.get(key(1), Long.MAX_VALUE)).isEqualTo(YES);
        assertThat(cache.get(key(1), Long.MIN_VALUE + 50)).isNull();
    }

    @Test
    void full_whatIsInUseStays() {
        DecisionCache cache = new DecisionCache(4);
        for (int i = 0; i < 4; i++) {
            cache.put(key(i), YES, 100, 0);
        }
        cache.get(key(0), 1);
        cache.get(key(2), 1);

        assertThat(cache.put(key(4), YES, 100, 1)).isOne();
        assertThat(cache.put(key(5), YES, 100, 1)).isOne();

        assertThat(cache.size()).isEqualTo(4);
        assertThat(cache.get(key(0), 1)).isNotNull();
        assertThat(cache.get(key(1), 1)).isNull();
        assertThat(cache.get(key(2), 1)).isNotNull();
        assertThat(cache.get(key(3), 1)).isNull();
    }

    @Test
    void full_timeOfOneInUseIsOver_makesRoomFirst() {
        DecisionCache cache = new DecisionCache(2);
        cache.put(key(0), YES, 10, 0);
        cache.put(key(1), YES, 100, 0);
        cache.get(key(0), 1);

        cache.put(key(2), YES, 100, 10);

        assertThat(cache.get(key(1), 10)).isNotNull();
        assertThat(cache.get(key(2), 10)).isNotNull();
    }

    @Test // one that is new is not the one that goes
    void full_allAreInUse_oneOfThemMakesRoom() {
        DecisionCache cache = new DecisionCache(100);
        for (int i = 0; i < 100; i++) {
            cache.put(key(i), YES, 100, 0);
            cache.get(key(i), 1);
        }

        assertThat(cache.put(key(100), YES, 100, 1)).isOne();

        assertThat(cache.size()).isEqualTo(100);
        assertThat(cache.get(key(100), 1)).isNotNull();
        assertThat(cache.get(key(16), 1)).isNull(); // after sixteen that were passed over
    }

    @Test
    void longTopics_takeTheRoomOfSeveral() {
        DecisionCache cache = new DecisionCache(1_000);
        String levels = "x/".repeat(2_000);
        for (int i = 0; i < 1_000; i++) {
            cache.put(key(levels + i), YES, 100, 0);
        }

        assertThat(cache.size()).isEqualTo(1_000 * 512 / (4_000 + 1 + 3));
        assertThat(cache.get(key(levels + 999), 1)).isNotNull();
    }

    @Test
    void largerThanAllMayBe_isNotKept() {
        DecisionCache cache = new DecisionCache(1);
        cache.put(key("a"), YES, 100, 0);

        assertThat(cache.put(key(1), new Decision(Verdict.YES, Map.of("a", "x".repeat(65_536))), 100, 0))
                .isZero();

        assertThat(cache.get(key("a"), 1)).isNotNull();
    }

    @Test
    void topicsWithTheSameHash_areToldApart() {
        DecisionCache cache = new DecisionCache(5_000);
        for (int i = 0; i < 4_096; i++) {
            cache.put(key(collision(i)), i % 2 == 0 ? YES : NO, 100, 0);
        }

        for (int i = 0; i < 4_096; i++) {
            assertThat(cache.get(key(collision(i)), 1)).isEqualTo(i % 2 == 0 ? YES : NO);
        }
    }

    /** The hashes of {@code Aa} and {@code BB} are equal, so those of all that consist of them. */
    private static String collision(int number) {
        StringBuilder topic = new StringBuilder();
        for (int bit = 0; bit < 12; bit++) {
            topic.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return topic.toString();
    }

    @Test
    void clear_leavesRoomForAll() {
        DecisionCache cache = new DecisionCache(2);
        cache.put(key(1), YES, 100, 0);
        cache.put(key(2), YES, 100, 0);

        cache.clear();

        assertThat(cache.size()).isZero();
        assertThat(cache.put(key(3), YES, 100, 0)).isZero();
        assertThat(cache.put(key(4), YES, 100, 0)).isZero();
    }
}
