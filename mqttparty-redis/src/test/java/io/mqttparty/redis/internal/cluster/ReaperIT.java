package io.mqttparty.redis.internal.cluster;

import static io.mqttparty.redis.internal.cluster.TestProcess.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.Will;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import io.mqttparty.spi.Targets;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes die, others clear up after them, and may die over it. */
@Tag("fault")
final class ReaperIT {
    private static final int CLIENTS = 1_000;

    private final List<TestProcess> processes = new ArrayList<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private RedisServer server;
    private RespClient control;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        control = server.client();
    }

    @AfterEach
    void stop() {
        processes.forEach(TestProcess::close);
        control.close();
        server.close();
    }

    // ---- words ----

    private TestProcess process() {
        TestProcess process = TestProcess.open(server.port(), "p:");
        processes.add(process);
        return process;
    }

    private void kill(TestProcess process) {
        processes.remove(process);
        process.close();
    }

    private static void eventually(Runnable assertion) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(assertion::run);
    }

    private AttachRequest request(TestNode node, String client, long expirySeconds, boolean will) {
        return new AttachRequest(
                ClientId.of(client),
                Optional.of("user"),
                new Token(node.id() + "-" + tokens.incrementAndGet()),
                node.id(),
                expirySeconds == 0,
                expirySeconds,
                will ? Optional.of(new Will(Message.of("w/" + client, "gone", QoS.AT_LEAST_ONCE))) : Optional.empty(),
                32);
    }

    /** 1,000 clients with wills; every second session is persistent, with a subscription and a message in its queue. */
    private Map<ClientId, Attached> attachMany(TestProcess process, TestNode node) {
        List<CompletionStage<Attached>> attaching = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            attaching.add(process.sessions().attach(request(node, "c" + i, i % 2 == 0 ? 1 : 0, true)));
        }
        Map<ClientId, Attached> attached = new HashMap<>();
        List<CompletionStage<?>> subscribing = new ArrayList<>();
        for (CompletionStage<Attached> each : attaching) {
            Attached client = await(each);
            attached.put(client.fence().client(), client);
            if (attached.size() % 2 == 1) {
                subscribing.add(process.sessions()
                        .subscribe(
                                client.fence(),
                                new SubscriptionChange(
                                        List.of(Subscription.of("a/b", QoS.AT_LEAST_ONCE)), List.of(), 10)));
            }
        }
        subscribing.forEach(TestProcess::await);
        return attached;
    }

    private boolean isGone(NodeId node) {
        return control.send("KEYS", "p:n:{" + node + "}*").list().isEmpty()
                && control.send("ZSCORE", "p:nodes", node.value()).isNil()
                && control.send("HEXISTS", "p:r:a", node.value()).number() == 0;
    }

    private long logged(NodeId node) {
        return control.send("XRANGE", "p:r:l", "-", "+").list().stream()
                .map(entry -> entry.list().get(1).texts())
                .filter(fields -> fields.equals(List.of("t", "D", "n", node.value())))
                .count();
    }

    /** Publishes all wills that are due, as the sweeper does, until there are none; by client how often. */
    private Map<ClientId, Integer> fireAll(SessionStore sessions) {
        Map<ClientId, Integer> fired = new HashMap<>();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    List<PendingWill> due = await(sessions.sweep(500)).wills();
                    for (PendingWill will : due) {
                        if (await(sessions.fireWill(will.client(), will.epoch(), Targets.NONE))
                                .fired()) {
                            fired.merge(will.client(), 1, Integer::sum);
                        }
                    }
                    return control.send(
                                            "EVAL",
                                            "local n = 0 for b = 0, 15 do n = n + redis.call('ZCARD', 'p:will:' .. b) end return n",
                                            "0")
                                    .number()
                            == 0;
                });
        return fired;
    }

    // ---- scenarios ----

    @Test // F8, F25
    void nodeIsKilled_itsClientsAreLostTheirWillsDueOnceAndNothingStays() {
        TestProcess first = process();
        TestProcess second = process();
        TestNode dead = first.join("dead");
        TestNode live = second.join("live");
        await(first.routes().addTransient(dead.id(), TopicFilter.of("t/#"), QoS.AT_LEAST_ONCE));
        eventually(() -> assertThat(live.filters(dead.id())).hasSize(1));
        attachMany(first, dead);
        assertThat(control.send("SCARD", "p:n:{" + dead.id() + "}:c").number()).isEqualTo(CLIENTS);

        kill(first);

        eventually(() -> assertThat(isGone(dead.id())).isTrue());
        assertThat(live.down()).containsExactly(dead.id());
        assertThat(live.filters(dead.id())).isEmpty();
        assertThat(logged(dead.id())).isEqualTo(1);
        assertThat(second.bus().members()).containsExactly(live.id());
        assertThat(fireAll(second.sessions()))
                .hasSize(CLIENTS)
                .allSatisfy((client, times) -> assertThat(times).isEqualTo(1));
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> { // the sessions live for a second
                            await(second.sessions().sweep(500));
                            return leftKeys().isEmpty();
                        });
        await(second.bus().leave(live.id()));
        eventually(() -> assertThat(keys()).containsExactly("p:r:l")); // who sweeps is known for two seconds
    }

    /** All but what the node that lives has, and the log. */
    private List<String> leftKeys() {
        return keys().stream()
                .filter(key -> !key.startsWith("p:n:")
                        && !List.of("p:nodes", "p:r:l", "p:r:a", "p:sweep").contains(key))
                .toList();
    }

    private List<String> keys() {
        return control.send("KEYS", "*").texts();
    }

    @Test // F8
    void severalNodesLive_oneOfThemClearsUp() {
        TestProcess first = process();
        TestNode dead = first.join("dead");
        attachMany(first, dead);
        List<TestProcess> living = List.of(process(), process(), process());
        List<TestNode> nodes = living.stream().map(each -> each.join("live")).toList();

        kill(first);

        eventually(() -> assertThat(isGone(dead.id())).isTrue());
        assertThat(logged(dead.id())).isEqualTo(1);
        assertThat(living.stream().filter(each -> each.lost() > 0).count()).isEqualTo(1);
        assertThat(living.stream().mapToInt(TestProcess::lost).sum()).isEqualTo(CLIENTS);
        assertThat(nodes.stream().flatMap(each -> each.lost().stream()))
                .hasSize(CLIENTS)
                .doesNotHaveDuplicates()
                .allSatisfy(each -> assertThat(each.getKey()).isEqualTo(dead.id()));
        assertThat(fireAll(living.get(0).sessions()).values()).hasSize(CLIENTS).containsOnly(1);
    }

    @Test // F8
    void reaperDiesHalfWay_anotherOneFinishes() {
        TestProcess first = process();
        TestNode dead = first.join("dead");
        attachMany(first, dead);
        kill(first);
        TestProcess second = process();
        TestProcess third = process();
        second.hangAfter(300);
        TestNode reaper = second.join("reaper");
        String clients = "p:n:{" + dead.id() + "}:c";
        eventually(() -> assertThat(control.send("SCARD", clients).number()).isEqualTo(CLIENTS - 300));

        kill(second);
        TestNode live = third.join("live");

        eventually(() -> assertThat(isGone(dead.id())).isTrue());
        eventually(() -> assertThat(isGone(reaper.id())).isTrue());
        assertThat(fireAll(third.sessions()).values()).hasSize(CLIENTS).containsOnly(1);
        assertThat(third.bus().members()).containsExactly(live.id());
    }

    @Test // F8, F15
    void clientsComeBackMeanwhile_noneIsTakenFromItsNewNode() {
        TestProcess first = process();
        TestProcess second = process();
        TestNode dead = first.join("dead");
        TestNode live = second.join("live");
        attachMany(first, dead);
        kill(first);

        List<Attached> back = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            back.add(await(second.sessions().attach(request(live, "c" + i, 3_600, false))));
        }
        eventually(() -> assertThat(isGone(dead.id())).isTrue());

        // whoever came back before its connection to the dead node was ended has taken it over
        List<ClientId> takenOver = back.stream()
                .filter(each -> each.previous().isPresent())
                .map(each -> each.fence().client())
                .toList();
        assertThat(live.lost().stream().map(Map.Entry::getValue))
                .hasSize(CLIENTS - takenOver.size())
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(takenOver);
        for (Attached each : back) {
            assertThat(each.pendingWills()).hasSize(1);
            assertThat(await(second.sessions().detach(each.fence(), SessionStore.Detach.CLEAN, 0)))
                    .isEqualTo(FenceResult.OK);
        }
    }

    @Test // F15, F25
    void deadNodeWakesUp_nothingThatItStillSendsHasAnEffect() {
        TestProcess first = process();
        TestProcess second = process();
        TestNode dead = first.join("dead");
        TestNode live = second.join("live");
        Attached session = await(first.sessions().attach(request(dead, "c", 3_600, false)));
        control.send("DEL", "p:n:{" + dead.id() + "}"); // the others take it for dead before it knows
        eventually(() -> assertThat(isGone(dead.id())).isTrue());
        int keys = keys().size();

        assertThatThrownBy(() -> await(first.sessions().attach(request(dead, "late", 3_600, true))))
                .hasMessageContaining("member");
        assertThatThrownBy(
                        () -> await(first.routes().addTransient(dead.id(), TopicFilter.of("late"), QoS.AT_LEAST_ONCE)))
                .hasMessageContaining("member");
        assertThat(await(first.sessions().detach(session.fence(), SessionStore.Detach.LOST, 0)))
                .isEqualTo(FenceResult.STALE);
        assertThat(await(second.bus().send(live.id(), dead.id(), new BusRecord.NotOwner(ClientId.of("c")))))
                .isFalse();
        eventually(() -> assertThat(dead.fenced).hasValue(1));
        await(first.bus().leave(dead.id()));

        assertThat(keys()).hasSize(keys);
        assertThat(logged(dead.id())).isEqualTo(1);
    }

    @Test // F28
    void leave_withClients_allAreLostBeforeItIsDone() {
        TestProcess first = process();
        TestProcess second = process();
        TestNode leaving = first.join("leaving");
        TestNode live = second.join("live");
        attachMany(first, leaving);

        await(first.bus().leave(leaving.id()));

        assertThat(isGone(leaving.id())).isTrue();
        eventually(() -> assertThat(live.down()).containsExactly(leaving.id()));
        assertThat(fireAll(second.sessions()).values()).hasSize(CLIENTS).containsOnly(1);
        eventually(() -> assertThat(second.bus().members()).containsExactly(live.id()));
    }

    @Test
    void oneSessionIsNone_allOthersAreDetachedAndTheNodeIsForgotten() {
        TestProcess first = process();
        TestNode leaving = first.join("leaving");
        Attached session = await(first.sessions().attach(request(leaving, "c", 3_600, true)));
        control.send("SADD", "p:n:{" + leaving.id() + "}:c", "a\0b", "", "broken");
        control.send("SET", "p:{broken}:s", "no session");

        await(first.bus().leave(leaving.id()));

        assertThat(isGone(leaving.id())).isTrue();
        assertThat(await(first.sessions().sweep(10)).wills())
                .extracting(PendingWill::epoch)
                .containsExactly(session.fence().epoch());
    }
}
