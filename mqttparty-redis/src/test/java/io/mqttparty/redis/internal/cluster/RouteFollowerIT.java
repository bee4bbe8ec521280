package io.mqttparty.redis.internal.cluster;

import static io.mqttparty.redis.internal.cluster.TestProcess.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.redis.fixture.CutRelay;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import io.mqttparty.redis.internal.lane.RedisUnavailableException;
import io.mqttparty.redis.internal.record.RouteRecords;
import io.mqttparty.redis.internal.record.Subscriptions;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mirrors of the route log of two processes, and what goes wrong with the log. */
final class RouteFollowerIT {
    private static final TopicFilter X = TopicFilter.of("x/+");

    private RedisServer server;
    private RespClient control;
    private CutRelay relay;
    private TestProcess near;
    private TestProcess far;
    private TestNode mine;
    private TestNode other;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        control = server.client();
        relay = CutRelay.to(server.port());
        near = TestProcess.open(server.port(), "p:", ClusterTimings.DEFAULT);
        far = TestProcess.open(relay.port(), "p:", ClusterTimings.DEFAULT);
        mine = near.join("near");
        other = far.join("far");
    }

    @AfterEach
    void stop() {
        far.close();
        near.close();
        relay.close();
        control.close();
        server.close();
    }

    private RoutePosition add(TestProcess process, TestNode node, String filter) {
        return await(process.routes().addTransient(node.id(), TopicFilter.of(filter), QoS.AT_LEAST_ONCE));
    }

    private static void eventually(Runnable assertion) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion::run);
    }

    /** Waits until the far mirror has not been fresh for so long. */
    private void awaitStale(Duration age) {
        eventually(() -> assertThat(System.nanoTime() - other.freshAsOf()).isGreaterThan(age.toNanos()));
    }

    private static boolean reached(RoutePosition position, RoutePosition at) {
        return at.compareTo(position) >= 0;
    }

    // ---- the log ----

    @Test
    void logWasCutBeforeItWasRead_allRoutesAreReadAgain() {
        add(near, mine, "before");
        eventually(() -> assertThat(other.filters(mine.id())).hasSize(1));
        relay.stall();
        List<CompletionStage<RoutePosition>> written = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            written.add(near.routes().addTransient(mine.id(), TopicFilter.of("f/" + i), QoS.AT_LEAST_ONCE));
        }
        written.add(near.routes().removeTransient(mine.id(), TopicFilter.of("before")));
        written.forEach(TestProcess::await);
        control.send("XTRIM", "p:r:l", "MAXLEN", "3");
        awaitStale(Duration.ofMillis(1_200));
        relay.restore();

        eventually(() -> assertThat(other.snapshots).hasValue(2));
        eventually(() -> assertThat(other.filters(mine.id())).hasSize(50).doesNotContainKey(TopicFilter.of("before")));
        assertThat(mine.snapshots).hasValue(1);
        RoutePosition later = add(far, other, "later");
        eventually(() ->
                assertThat(reached(later, await(near.routes().appliedByAll()))).isTrue());
    }

    @Test
    void transientRoute_answersAreLost_saidAgain_comesAndGoes() {
        TopicFilter filter = TopicFilter.of("lost/answer");
        CompletableFuture<Void> cut = relay.cutReply("lost/answer");
        assertThatThrownBy(() -> add(far, other, "lost/answer")).hasCauseInstanceOf(RedisUnavailableException.class);
        assertThat(cut).succeedsWithin(Duration.ofSeconds(5));
        await().ignoreExceptions().until(() -> add(far, other, "lost/answer"), position -> true);
        eventually(() -> assertThat(mine.filters(other.id())).containsExactly(Map.entry(filter, QoS.AT_LEAST_ONCE)));

        CompletableFuture<Void> cutAgain = relay.cutReply("lost/answer");
        assertThatThrownBy(() -> await(far.routes().removeTransient(other.id(), filter)))
                .hasCauseInstanceOf(RedisUnavailableException.class);
        assertThat(cutAgain).succeedsWithin(Duration.ofSeconds(5));
        await().ignoreExceptions()
                .until(() -> await(far.routes().removeTransient(other.id(), filter)), position -> true);

        eventually(() -> assertThat(mine.filters(other.id())).isEmpty());
        assertThat(control.send("EXISTS", "p:n:{" + other.id() + "}:t").number())
                .isZero();
    }

    @Test
    void moreThanAPageAtOnce_allIsRead() {
        relay.stall();
        List<CompletionStage<RoutePosition>> written = new ArrayList<>();
        for (int i = 0; i < 3 * FollowedStream.PAGE; i++) {
            written.add(near.routes().addTransient(mine.id(), TopicFilter.of("f/" + i), QoS.AT_LEAST_ONCE));
        }
        written.forEach(TestProcess::await);
        relay.restore();

        eventually(() -> assertThat(other.filters(mine.id())).hasSize(3 * FollowedStream.PAGE));
        assertThat(other.snapshots).hasValue(1);
    }

    @Test
    void connectionsAreCutAgainAndAgain_nothingIsMissedOrTwice() {
        for (int i = 0; i < 60; i++) {
            add(near, mine, "f/" + i);
            if (i % 6 == 0) {
                relay.cutAll();
            }
        }
        eventually(() -> assertThat(other.filters(mine.id())).hasSize(60));
        assertThat(other.snapshots).hasValue(1);
        assertThat(other.replaced).hasValue(0);
    }

    @Test
    void entriesOfAnotherVersion_costThemselvesOnly() {
        control.send("XADD", "p:r:l", "*", "t", "Z", "c", "x");
        control.send("XADD", "p:r:l", "*", "t", "S", "c", "x", "v", "\11");
        control.send("HSET", "p:r:s", "x", "\11", "", "y");
        RoutePosition position = add(near, mine, "x");

        eventually(() -> assertThat(reached(position, other.position())).isTrue());
        assertThat(far.cluster().counters().unreadable()).isEqualTo(2);
        TestNode third = near.join("third");
        assertThat(third.filters(mine.id())).containsOnlyKeys(TopicFilter.of("x"));
        assertThat(third.sessions()).isEmpty();
    }

    @Test
    void filterOfANodeThatIsDown_isIgnored() {
        NodeId dead = TestProcess.newId("dead");
        control.send("XADD", "p:r:l", "*", "t", "D", "n", dead.value());
        control.send("XADD", "p:r:l", "*", "t", "T", "n", dead.value(), "f", "x", "q", "1");
        String last = control.send("XADD", "p:r:l", "*", "t", "T", "n", dead.value(), "f", "y", "q", "1")
                .text();

        eventually(() -> assertThat(other.position()).isEqualTo(Positions.read(last)));
        assertThat(other.down()).containsExactly(dead);
        assertThat(other.filters(dead)).isEmpty();
    }

    // ---- the snapshot ----

    @Test
    void follow_manyRoutes_allAreInTheSnapshot() {
        byte[] subscriptions = Subscriptions.encode(List.of(Subscription.of("a/#", QoS.AT_LEAST_ONCE)));
        for (int i = 0; i < 3_000; i++) {
            byte[] value = RouteRecords.encodeSession(new Token("t" + i), 1, subscriptions);
            control.send("HSET".getBytes(UTF_8), "p:r:s".getBytes(UTF_8), ("c" + i).getBytes(UTF_8), value);
        }
        for (int i = 0; i < 1_200; i++) {
            control.send("HSET", "p:n:{" + mine.id() + "}:t", "f/" + i, "2");
        }

        TestNode third = far.join("third");

        assertThat(third.sessions()).hasSize(3_000).containsKey(ClientId.of("c2999"));
        assertThat(third.filters(mine.id())).hasSize(1_200).containsEntry(TopicFilter.of("f/0"), QoS.EXACTLY_ONCE);
    }

    @Test
    void follow_nodeIsDownButNotClearedUp_itsFiltersAreNotInTheSnapshot() {
        NodeId dead = TestProcess.newId("dead");
        control.send("ZADD", "p:nodes", "1", dead.value());
        control.send("HSET", "p:n:{" + dead + "}:t", "x", "1");

        TestNode third = far.join("third");

        assertThat(third.filters(dead)).isEmpty();
    }

    @Test
    void follow_logTrimmedMeanwhile_goesOnAndIsComplete() {
        for (int i = 0; i < 20; i++) {
            add(near, mine, "f/" + i);
        }
        control.send("XTRIM", "p:r:l", "MAXLEN", "1");

        TestNode third = far.join("third");
        add(near, mine, "last");

        eventually(() -> assertThat(third.filters(mine.id())).hasSize(21));
        assertThat(third.snapshots).hasValue(1);
    }

    @Test
    void follow_noMember_fails() {
        NodeId nobody = TestProcess.newId("nobody");

        assertThatThrownBy(() -> await(near.routes().follow(nobody, mine)))
                .hasMessageContaining("expected: a member of the cluster");
    }

    // ---- the gate ----

    @Test // F20, F21
    void appliedByAllSaysSo_everyMirrorHasIt() {
        for (int i = 0; i < 500; i++) {
            TopicFilter filter = TopicFilter.of("f/" + i);
            RoutePosition position = add(i % 2 == 0 ? near : far, i % 2 == 0 ? mine : other, filter.value());
            while (!reached(position, await(near.routes().appliedByAll()))) {
                Thread.onSpinWait();
            }
            NodeId owner = i % 2 == 0 ? mine.id() : other.id();
            assertThat(mine.filters(owner)).containsKey(filter);
            assertThat(other.filters(owner)).containsKey(filter);
        }
    }

    @Test
    void appliedByAll_manyAsk_theyShareReads() {
        add(near, mine, "x");
        long before = calls("hgetall");
        List<CompletionStage<RoutePosition>> asked = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            asked.add(near.routes().appliedByAll());
            asked.add(near.routes().tail());
        }
        asked.forEach(TestProcess::await);

        assertThat(calls("hgetall") - before).isLessThan(200);
    }

    @Test
    void applied_manyChanges_fewWritesAndTheLastAlways() {
        long before = calls("hset");
        long start = System.nanoTime();
        List<CompletionStage<RoutePosition>> written = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            written.add(near.routes().removeTransient(mine.id(), X));
            written.add(near.routes().addTransient(mine.id(), X, QoS.of(i % 3)));
        }
        written.forEach(TestProcess::await);
        RoutePosition last = await(near.routes().tail());

        eventually(() -> assertThat(await(near.routes().appliedByAll())).isEqualTo(last));
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        long ofScripts = 2_000;
        assertThat(calls("hset") - before - ofScripts).isLessThan(2 * (millis / 5 + 2));
    }

    private long calls(String command) {
        return control.commandCalls().getOrDefault(command, 0L);
    }

    @Test // F25
    void appliedPositionOfANodeThatIsGone_holdsNobodyUp() {
        RoutePosition position = add(near, mine, "x");
        control.send("HSET", "p:r:a", "ghost.00000000", "0-1");

        eventually(() -> assertThat(reached(position, await(near.routes().appliedByAll())))
                .isTrue());
        assertThat(control.send("HEXISTS", "p:r:a", "ghost.00000000").number()).isZero();
    }

    @Test
    void appliedByAll_nobodyFollows_isTheTail() {
        RoutePosition position = add(near, mine, "x");
        control.send("DEL", "p:r:a");

        assertThat(await(far.routes().appliedByAll())).isEqualTo(position);
    }

    // ---- freshness ----

    @Test
    void freshAsOf_idle_advancesAndIsNeverInTheFuture() {
        long start = System.nanoTime();
        for (int i = 1; i <= 5; i++) {
            long until = start + i * 200_000_000L;
            eventually(() -> assertThat(other.freshAsOf() - until).isPositive());
            assertThat(other.freshAsOf() - System.nanoTime()).isNegative();
        }
    }

    @Test
    void freshAsOf_redisDoesNotAnswer_standsStillAndGoesOnLater() {
        relay.stall();
        awaitStale(Duration.ofMillis(700));

        relay.restore();
        long now = System.nanoTime();
        eventually(() -> assertThat(other.freshAsOf() - now).isPositive());
    }

    @Test
    void filters_ofOneNode_areMergedByTheLastWord() {
        add(near, mine, "x");
        await(near.routes().removeTransient(mine.id(), TopicFilter.of("x")));
        await(near.routes().addTransient(mine.id(), TopicFilter.of("x"), QoS.AT_MOST_ONCE));
        await(near.routes().addTransient(mine.id(), TopicFilter.of("x"), QoS.EXACTLY_ONCE));

        eventually(() -> assertThat(other.filters(mine.id())).isEqualTo(Map.of(TopicFilter.of("x"), QoS.EXACTLY_ONCE)));
    }
}
