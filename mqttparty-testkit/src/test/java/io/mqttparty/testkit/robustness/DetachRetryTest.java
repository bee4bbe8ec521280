package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Limits;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.Presence;
import io.mqttparty.testkit.Fault;
import io.mqttparty.testkit.FaultyBackend;
import io.mqttparty.testkit.TestClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** While the store is down, the ends of connections wait for it: as many as there may be connections. */
class DetachRetryTest {
    private static final int LIMIT = 20;

    private final FaultyBackend backend = new FaultyBackend();

    @AutoClose
    private final Scene scene = Scene.start(b -> {
        backend.use(b);
        b.limits(Limits.DEFAULTS.withConnections(LIMIT));
    });

    private List<Presence.Entry> online() {
        CompletableFuture<Presence.Page> page =
                scene.broker().clients().list("", 1_000).toCompletableFuture();
        scene.clock().runUntilIdle();
        return page.join().entries().stream()
                .filter(entry -> entry.owner().isOnline())
                .toList();
    }

    private void connectAndLose(int count) {
        for (int i = 0; i < count; i++) {
            scene.persistent("c" + i).close();
        }
    }

    @Test
    void detach_storeDown_boundedAndTheRestIsDoneOnceItIsBack() {
        backend.fail("detach", Fault.FAILS);
        connectAndLose(LIMIT + 15);

        assertThat(scene.count(Counter.DETACHES_ABANDONED)).isEqualTo(15);
        assertThat(online()).hasSize(LIMIT + 15 + 1);
        scene.advanceSeconds(300);
        assertThat(scene.count(Counter.DETACHES_ABANDONED))
                .as("those that wait go on waiting")
                .isEqualTo(15);
        scene.assertOthersGoOn();

        backend.repair();
        scene.advanceSeconds(46); // half as long again as the longest pause
        assertThat(online()).hasSize(15 + 1);
        for (int i = 0; i < LIMIT + 15; i++) { // who was given up is taken over when it comes back
            scene.resumed("c" + i).disconnect().expectClosed();
        }
        assertThat(online()).hasSize(1);
    }

    @Test
    void detach_answered_makesRoomForOthers() {
        for (int round = 0; round < 3; round++) {
            backend.fail("detach", Fault.FAILS);
            for (int i = 0; i < LIMIT; i++) {
                TestClient.connect(scene.connection(), c -> c.clientId("x")).close();
            }
            backend.repair();
            scene.advanceSeconds(46);
        }
        assertThat(scene.count(Counter.DETACHES_ABANDONED)).isZero();
        assertThat(online()).hasSize(1);
    }

    @Test
    void detach_ofManyAtOnce_isNotRepeatedAtOnce() {
        backend.fail("detach", Fault.FAILS);
        connectAndLose(LIMIT);
        scene.advanceSeconds(60);
        int before = backend.calls();
        int most = 0;
        for (int i = 0; i < 500; i++) {
            scene.advanceSeconds(0.1);
            most = Math.max(most, backend.calls() - before);
            before = backend.calls();
        }
        assertThat(most).as("in a tenth of a second").isBetween(1, LIMIT / 2);
    }

    @Test
    void attach_unknownOutcome_isBoundedToo() {
        backend.fail("detach", Fault.FAILS);
        connectAndLose(LIMIT);
        backend.loseAnswers("attach");
        TestClient client = TestClient.connect(scene.connection(), c -> c.clientId("y"));
        scene.advanceSeconds(5.1);
        client.expectConnack(3, false).expectClosed();
        backend.repair();
        scene.advanceSeconds(46);
        assertThat(online()).hasSize(1);
    }
}
