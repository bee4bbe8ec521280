package io.mqttparty.redis.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttparty.redis.fixture.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that joins is known to the others long before they look again, so that its clients are not taken for absent. */
final class NewMemberIT {
    /** Nobody looks again while the test runs. */
    private static final ClusterTimings RARELY =
            new ClusterTimings(120_000, 60_000, 90_000, 100, 20, 5, 30_000, 20_000);

    private final RedisServer server = RedisServer.start();
    private final TestProcess old = TestProcess.open(server.port(), "p:", RARELY);
    private final TestProcess next = TestProcess.open(server.port(), "p:", RARELY);

    @AfterEach
    void stop() {
        next.close();
        old.close();
        server.close();
    }

    @Test
    void node_joins_theOthersHearOfItAtOnce() {
        TestNode first = old.join("old");

        TestNode second = next.join("new");

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(old.bus().members()).containsExactlyInAnyOrder(first.id(), second.id()));
        assertThat(next.bus().members()).containsExactlyInAnyOrder(first.id(), second.id());
        assertThat(old.cluster().isGone(second.id())).isFalse();
        assertThat(first.records()).isEmpty();
        assertThat(first.gaps).hasValue(0);
    }

    @Test
    void node_leaves_whatItSentLateMakesItNoMember() {
        old.join("old");
        TestNode second = next.join("new");
        await().atMost(Duration.ofSeconds(10)).until(() -> old.bus().members().contains(second.id()));

        TestProcess.await(next.bus().leave(second.id()));

        await().atMost(Duration.ofSeconds(10)).until(() -> !old.bus().members().contains(second.id()));
        assertThat(old.cluster().isGone(second.id())).isTrue();
    }
}
