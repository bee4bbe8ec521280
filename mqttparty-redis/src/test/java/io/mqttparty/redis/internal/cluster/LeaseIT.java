package io.mqttparty.redis.internal.cluster;

import static io.mqttparty.redis.internal.cluster.TestProcess.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.redis.fixture.CutRelay;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.NodeId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Leases that are held, lost and given up. */
@Tag("fault")
final class LeaseIT {
    private static final BusRecord RECORD = new BusRecord.NotOwner(ClientId.of("c"));

    private RedisServer server;
    private RespClient control;
    private CutRelay relay;
    private TestProcess near;
    private TestProcess far;
    private TestNode mine;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        control = server.client();
        relay = CutRelay.to(server.port());
        near = TestProcess.open(server.port(), "p:");
        far = TestProcess.open(relay.port(), "p:");
        mine = near.join("near");
    }

    @AfterEach
    void stop() {
        far.close();
        near.close();
        relay.close();
        control.close();
        server.close();
    }

    private static void eventually(Runnable assertion) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion::run);
    }

    private String lease(NodeId node) {
        return "p:n:{" + node + "}";
    }

    // ---- joining ----

    @Test
    void join_idInUse_fails() {
        assertThatThrownBy(() -> await(near.bus().join(mine.id(), mine)))
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("node: " + mine.id() + " (expected: an id that is not in use)");
        assertThatThrownBy(() -> await(far.bus().join(mine.id(), mine))).hasMessageContaining("not in use");
        assertThat(mine.lease().isHeld()).isTrue();
        near.send(mine, mine.id(), RECORD);
        eventually(() -> assertThat(mine.records()).containsExactly(RECORD));
    }

    @Test
    void join_answerIsLost_theSecondAttemptFindsItDone() {
        CompletableFuture<Void> cut = relay.cutReply("p:nodes");

        TestNode other = far.join("far");

        assertThat(cut).isCompleted();
        assertThat(other.lease().isHeld()).isTrue();
        near.send(mine, other.id(), RECORD);
        eventually(() -> assertThat(other.records()).containsExactly(RECORD));
    }

    @Test
    void members_joinAndLeaveElsewhere_areSeenWithTheNextRenewal() {
        TestNode other = far.join("far");
        assertThat(far.bus().members()).containsExactlyInAnyOrder(mine.id(), other.id());
        eventually(() -> assertThat(near.bus().members()).containsExactlyInAnyOrder(mine.id(), other.id()));

        await(far.bus().leave(other.id()));

        assertThat(other.lease().isHeld()).isFalse();
        assertThat(other.fenced).hasValue(0);
        eventually(() -> assertThat(near.bus().members()).containsExactly(mine.id()));
        assertThat(far.bus().members()).containsExactly(mine.id());
    }

    // ---- renewing ----

    @Test
    void lease_renewed_isHeldForLong() {
        TestNode other = far.join("far");
        long sets = calls("set");

        eventually(() -> assertThat(calls("set") - sets).isGreaterThan(24)); // twelve renewals each: more than a lease

        assertThat(mine.lease().isHeld()).isTrue();
        assertThat(other.lease().isHeld()).isTrue();
        assertThat(control.send("PTTL", lease(mine.id())).number()).isBetween(1L, 3_000L);
    }

    private long calls(String command) {
        return control.commandCalls().getOrDefault(command, 0L);
    }

    @Test
    void lease_deletedInRedis_nodeIsFencedAtTheNextRenewal() {
        control.send("DEL", lease(mine.id()));

        eventually(() -> assertThat(mine.fenced).hasValue(1));
        assertThat(mine.heldWhenFenced()).isFalse();
        assertThatThrownBy(() -> await(near.bus().send(mine.id(), mine.id(), RECORD)))
                .hasMessageContaining("expected: a member of the cluster");
    }

    // ---- losing ----

    @Test // F15
    void redisDoesNotAnswer_nodeGivesItselfUpBeforeOthersMayTakeIt() {
        TestNode other = far.join("far");
        long start = System.nanoTime();
        relay.stall();

        await().atMost(Duration.ofSeconds(20)).until(() -> !other.lease().isHeld());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(2_900));
        assertThat(control.send("EXISTS", lease(other.id())).number()).isEqualTo(1);
        eventually(() -> assertThat(other.fenced).hasValue(1));
        assertThat(other.heldWhenFenced()).isFalse();
        assertThat(far.bus().members()).doesNotContain(other.id());
        assertThatThrownBy(() -> await(far.bus().send(other.id(), mine.id(), RECORD)))
                .hasMessageContaining("expected: a member of the cluster");
    }

    @Test
    void redisIsFrozen_allGiveUpAndGoOnUnderOtherIds() {
        TestNode other = far.join("far");
        server.pause();
        eventually(() -> assertThat(mine.fenced).hasValue(1));
        eventually(() -> assertThat(other.fenced).hasValue(1));
        server.resume();

        TestNode again = joinAgain(near, mine, "near");
        TestNode otherAgain = joinAgain(far, other, "far");
        near.send(again, otherAgain.id(), RECORD);
        far.send(otherAgain, again.id(), RECORD);

        eventually(() -> assertThat(otherAgain.records()).containsExactly(RECORD));
        eventually(() -> assertThat(again.records()).containsExactly(RECORD));
        eventually(() -> assertThat(near.bus().members()).containsExactlyInAnyOrder(again.id(), otherAgain.id()));
        eventually(() -> assertThat(control.send("ZCARD", "p:nodes").number()).isEqualTo(2));
        assertThat(mine.fenced).hasValue(1);
    }

    private static TestNode joinAgain(TestProcess process, TestNode old, String name) {
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            await(process.bus().leave(old.id()));
            return true;
        });
        return process.join(name);
    }

    @Test
    void pausedForTooLong_whatCameMeanwhileIsNotHandedOver() {
        TestNode other = far.join("far");
        TopicFilter filter = TopicFilter.of("f");
        relay.stall();
        for (int i = 0; i < 10; i++) {
            near.send(mine, other.id(), RECORD);
        }
        await(near.routes().addTransient(mine.id(), filter, QoS.AT_LEAST_ONCE));
        await().atMost(Duration.ofSeconds(20)).until(() -> !other.lease().isHeld());
        int records = other.records().size();
        relay.restore();

        eventually(() -> assertThat(mine.down()).contains(other.id()));
        assertThat(other.records()).hasSize(records);
        assertThat(other.filters(mine.id())).isEmpty();
        assertThat(other.fenced).hasValue(1);
    }

    @Test // F15
    void lostLease_lateTransientRoute_isRefusedAndLeavesNothing() {
        TestNode other = far.join("far");
        await(far.routes().addTransient(other.id(), TopicFilter.of("f"), QoS.AT_LEAST_ONCE));
        control.send("DEL", lease(other.id()));

        assertThatThrownBy(
                        () -> await(far.routes().addTransient(other.id(), TopicFilter.of("late"), QoS.AT_LEAST_ONCE)))
                .hasMessageContaining("expected: a member of the cluster");

        eventually(() -> assertThat(mine.down()).contains(other.id()));
        eventually(() -> assertThat(
                        control.send("EXISTS", lease(other.id()) + ":t").number())
                .isZero());
        eventually(() -> assertThat(mine.filters(other.id())).isEmpty());
    }
}
