package io.mqttparty.redis.internal.cluster;

import static io.mqttparty.redis.internal.cluster.TestProcess.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.redis.fixture.CutRelay;
import io.mqttparty.redis.fixture.Fsync;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import io.mqttparty.redis.fixture.Sentinels;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.RoutePosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Redis is replaced by another one, with all of its data or not. */
@Tag("fault")
final class StoreWatchIT {
    private static final TopicFilter X = TopicFilter.of("x");
    private static final ClientId CLIENT = ClientId.of("c");

    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (int i = toClose.size() - 1; i >= 0; i--) {
            toClose.get(i).close();
        }
    }

    private <T extends AutoCloseable> T closing(T resource) {
        toClose.add(resource);
        return resource;
    }

    private TestProcess process(int port) {
        return closing(TestProcess.open(port, "p:", ClusterTimings.DEFAULT));
    }

    private static void eventually(Runnable assertion) {
        await().atMost(Duration.ofSeconds(40)).ignoreExceptions().untilAsserted(assertion::run);
    }

    private static BusRecord number(int i) {
        return new BusRecord.Kicked(CLIENT, i);
    }

    private static void assertAllWorks(TestProcess process, TestNode one, TestNode two, int round) {
        eventually(() -> process.send(one, two.id(), number(round)));
        eventually(() -> assertThat(two.records()).contains(number(round)));
        TopicFilter filter = TopicFilter.of("round/" + round);
        eventually(() -> await(process.routes().addTransient(one.id(), filter, QoS.AT_LEAST_ONCE)));
        eventually(() -> assertThat(two.filters(one.id())).containsKey(filter));
        RoutePosition tail = await(process.routes().tail());
        eventually(() -> assertThat(await(process.routes().appliedByAll())).isGreaterThanOrEqualTo(tail));
        long now = System.nanoTime();
        eventually(() -> assertThat(two.freshAsOf() - now).isPositive());
    }

    @Test
    void serverRestartsWithItsData_nodesAreToldAndGoOn() {
        RedisServer server =
                closing(RedisServer.builder().appendOnly(Fsync.ALWAYS).start());
        TestProcess process = process(server.port());
        TestNode one = process.join("one");
        TestNode two = process.join("two");
        await(process.routes().addTransient(one.id(), X, QoS.AT_LEAST_ONCE));
        assertAllWorks(process, one, two, 1);

        server.kill();
        server.restart();

        for (TestNode node : List.of(one, two)) {
            eventually(() -> assertThat(node.replaced).hasValue(1));
            eventually(() -> assertThat(node.snapshots).hasValue(2));
        }
        assertAllWorks(process, one, two, 2);
        assertThat(two.filters(one.id())).containsKey(X);
        assertThat(one.fenced).hasValue(0);
        assertThat(two.gaps).hasValue(0);
    }

    @Test
    void serverRestartsEmpty_nodesAreFencedAndJoinAgain() {
        RedisServer server = closing(RedisServer.start());
        TestProcess process = process(server.port());
        TestNode one = process.join("one");

        server.kill();
        server.restart();

        eventually(() -> assertThat(one.fenced).hasValue(1));
        eventually(() -> await(process.bus().leave(one.id())));
        TestNode again = process.join("one");
        TestNode two = process.join("two");
        assertAllWorks(process, again, two, 1);
    }

    @Test
    void serverLosesItsLastRecords_theGapIsNoticedAndTheNextOnesArrive() {
        RedisServer server =
                closing(RedisServer.builder().appendOnly(Fsync.ALWAYS).start());
        TestProcess process = process(server.port());
        TestNode one = process.join("one");
        TestNode two = process.join("two");
        assertAllWorks(process, one, two, 1);
        for (int i = 2; i < 30; i++) {
            process.send(one, two.id(), number(i));
        }
        eventually(() -> assertThat(two.records()).contains(number(29)));
        try (RespClient control = server.client()) { // what a copy has that was some changes behind
            String inbox = "p:n:{" + two.id() + "}:in";
            control.send("DEL", inbox);
            control.send("XADD", inbox, "MAXLEN", "=", "0", "0-65540", "p", "");
        }

        server.kill();
        server.restart();

        eventually(() -> assertThat(two.gaps.get()).isPositive());
        assertAllWorks(process, one, two, 30);
        assertThat(two.fenced).hasValue(0);
    }

    @Test
    void onlyAConnectionWasLost_nobodyIsTold() {
        RedisServer server = closing(RedisServer.start());
        CutRelay relay = closing(CutRelay.to(server.port()));
        TestProcess process = process(relay.port());
        TestNode one = process.join("one");
        TestNode two = process.join("two");

        for (int round = 0; round < 5; round++) {
            relay.cutAll();
            assertAllWorks(process, one, two, round);
        }

        assertThat(one.replaced).hasValue(0);
        assertThat(one.snapshots).hasValue(1);
    }

    @Test
    void serverBecomesAReplicaAndAPrimaryAgain_nodesAreToldAndGoOn() {
        RedisServer server = closing(RedisServer.start());
        RedisServer nowhere = closing(RedisServer.start());
        TestProcess process = process(server.port());
        TestNode one = process.join("one");
        TestNode two = process.join("two");
        try (RespClient control = server.client()) {
            nowhere.kill(); // so that it keeps its data
            control.send("REPLICAOF", "127.0.0.1", Integer.toString(nowhere.port()));
            eventually(() -> assertThat(one.freshAsOf()).isLessThan(System.nanoTime() - 1_000_000_000L));
            control.send("REPLICAOF", "NO", "ONE");
        }

        eventually(() -> assertThat(one.replaced).hasValue(1));
        assertAllWorks(process, one, two, 1);
    }

    @Test
    void sentinelsPromoteTheReplica_nodesAreToldAndGoOn() {
        Sentinels sentinels = closing(Sentinels.start());
        TestProcess process = closing(TestProcess.openSentinel(sentinels.uri(), "p:"));
        TestNode one = process.join("one");
        TestNode two = process.join("two");
        assertAllWorks(process, one, two, 1);

        RedisServer replica = sentinels.replica();
        sentinels.awaitReplica();
        sentinels.primary().kill();
        sentinels.awaitPrimary(replica);

        eventually(() -> assertThat(one.replaced.get()).isPositive());
        assertAllWorks(process, one, two, 2);
        assertThat(one.fenced).hasValue(0);
    }

    @Test
    void sentinelsPromoteTheReplica_oldPrimaryLives_nodesLeaveItBeforeItIsDemoted() {
        Sentinels sentinels = closing(Sentinels.start());
        TestProcess process = closing(TestProcess.openSentinel(sentinels.uri(), "p:"));
        TestNode one = process.join("one");
        TestNode two = process.join("two");
        assertAllWorks(process, one, two, 1);

        sentinels.failOver();

        // Sentinels tell an old primary that it is a replica no sooner than 8 s after they agreed.
        await().atMost(Duration.ofSeconds(6))
                .untilAsserted(() -> assertThat(one.replaced.get()).isPositive());
        assertAllWorks(process, one, two, 2);
        assertThat(one.fenced).hasValue(0);
        assertThat(two.fenced).hasValue(0);
    }
}
