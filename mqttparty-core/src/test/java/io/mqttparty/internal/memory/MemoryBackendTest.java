package io.mqttparty.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.model.Will;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.EnqueueCallback;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the in-memory backend promises beyond the contracts of the SPIs, which it passes in mqttparty-testkit. */
final class MemoryBackendTest {
    private static final NodeId NODE = new NodeId("node.1");
    private static final Message MESSAGE = Message.of("t", "m", QoS.AT_LEAST_ONCE);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private MemoryBackend backend = newBackend(MemoryBackend.Config.DEFAULT);
    private int tokens;

    @Test
    void attach_clockStandsStill_epochGrowsEvenAfterTheSessionEnded() {
        long last = 0;
        for (int i = 0; i < 10; i++) {
            Attached each = attach("a", 0);
            assertThat(each.fence().epoch()).isGreaterThan(last);
            last = each.fence().epoch();
            if (i % 3 != 0) {
                get(backend.sessions().detach(each.fence(), Detach.CLEAN, 0));
            }
        }
    }

    @Test
    void attach_clockGoesBack_epochGrows() {
        Attached first = attach("a", 60);
        now.set(now.get().minusSeconds(60));

        assertThat(attach("a", 60).fence().epoch()).isGreaterThan(first.fence().epoch());
    }

    @Test // F23
    void enqueue_longBeforeTheClientReturns_payloadIsStillThere() {
        Attached a = attach("a", Duration.ofDays(7).toSeconds());
        get(backend.sessions().detach(a.fence(), Detach.CLEAN, 0));
        enqueue(a);
        now.set(now.get().plus(Duration.ofDays(7)).minusMillis(1));
        get(backend.sessions().sweep(100));

        assertThat(attach("a", 60).records()).hasSize(1);
    }

    @Test
    void attach_expiryBeyondTime_neverExpires() {
        Attached a = attach("a", Long.MAX_VALUE);
        get(backend.sessions().detach(a.fence(), Detach.CLEAN, 0));
        now.set(now.get().plus(Duration.ofDays(36_500)));

        assertThat(get(backend.sessions().sweep(100)).expired()).isZero();
        assertThat(attach("a", 60).present()).isTrue();
    }

    @Test
    void attach_tooManySessions_isRefusedUntilOneEnds() {
        backend = newBackend(MemoryBackend.Config.DEFAULT.withSessions(2));
        Attached a = attach("a", 0);
        attach("b", 0);

        assertThatThrownBy(() -> attach("c", 0)).hasCauseInstanceOf(MqttPartyException.class);
        attach("b", 0);
        get(backend.sessions().detach(a.fence(), Detach.CLEAN, 0));
        attach("c", 0);
    }

    @Test
    void retained_tooMany_newOnesAreRefused() {
        backend = newBackend(MemoryBackend.Config.DEFAULT.withRetained(2, 100));
        put("a", "1");
        put("b", "1");

        assertThatThrownBy(() -> put("c", "1")).hasCauseInstanceOf(MqttPartyException.class);
        put("a", "2");
        put("b", "");
        put("c", "1");
        assertThatThrownBy(() -> put("c", "x".repeat(100))).hasCauseInstanceOf(MqttPartyException.class);
        assertThat(get(backend.retained().exact(TopicName.of("c")))).isPresent();
    }

    @Test
    void retained_largerValueOfSameTopic_countsOnlyTheDifference() {
        backend = newBackend(MemoryBackend.Config.DEFAULT.withRetained(2, 100));
        put("a", "x".repeat(80));

        put("a", "y".repeat(90));

        assertThatThrownBy(() -> put("b", "z".repeat(20))).hasCauseInstanceOf(MqttPartyException.class);
    }

    @Test
    void retainWill_noRoom_willIsStillPublished() {
        backend = newBackend(MemoryBackend.Config.DEFAULT.withRetained(1, 100));
        put("a", "1");
        Will will = new Will(Message.of("w", "offline", QoS.AT_LEAST_ONCE).withRetain(true));
        Attached a = get(backend.sessions().attach(request("a", 60, Optional.of(will))));
        get(backend.sessions().detach(a.fence(), Detach.LOST, 0));

        assertThat(get(backend.sessions().retainWill(ClientId.of("a"), a.fence().epoch())))
                .isFalse();
        assertThat(get(backend.sessions().sweep(10)).wills()).hasSize(1);
    }

    @Test
    void pendingWills_ofAFlappingClient_areBounded() {
        Will will = new Will(MESSAGE);
        for (int i = 0; i < PendingWills.MAX + 10; i++) {
            get(backend.sessions().attach(request("a", 60, Optional.of(will))));
        }

        assertThat(attach("a", 60).pendingWills()).hasSize(PendingWills.MAX);
    }

    @Test
    void list_pages_areOrderedByClientIdWithoutRepetition() {
        for (int i = 0; i < 30; i++) {
            attach("c" + (i * 7 % 30), 60);
        }

        List<String> found = new ArrayList<>();
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent()) {
            Presence.Page page = get(backend.cluster().presence().list(cursor.get(), 4));
            page.entries().forEach(entry -> found.add(entry.client().value()));
            cursor = page.next();
        }

        assertThat(found).hasSize(30).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void list_afterSessionsEnded_hasNoTraceOfThem() {
        for (String client : List.of("a", "b", "c")) {
            Attached ending = attach(client, 0);
            get(backend.sessions().detach(ending.fence(), Detach.CLEAN, 0));
        }

        assertThat(get(backend.cluster().presence().list("", 1)))
                .isEqualTo(new Presence.Page(List.of(), Optional.empty()));
    }

    @Test
    void locate_since_isTheTimeOfTheClock() {
        attach("a", 60);

        assertThat(get(backend.cluster().presence().list("", 1)).entries())
                .extracting(Presence.Entry::since)
                .containsExactly(now.get());
    }

    @Test
    void join_idInUse_fails() {
        assertThatThrownBy(() -> get(backend.cluster().bus().join(NODE, handler(() -> {}))))
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void follow_noMember_fails() {
        assertThatThrownBy(() -> get(backend.cluster().routes().follow(new NodeId("other.1"), sink(() -> {}))))
                .hasCauseInstanceOf(MqttPartyException.class);
    }

    @Test
    void apply_sinkThrows_changeIsMadeAndOthersHearOfIt() {
        List<RouteChange> heard = new ArrayList<>();
        get(backend.cluster().routes().follow(NODE, sink(() -> {
            throw new IllegalStateException("a broken mirror");
        })));
        NodeId other = new NodeId("other.1");
        get(backend.cluster().bus().join(other, handler(() -> {})));
        get(backend.cluster().routes().follow(other, sink(() -> heard.add(new RouteChange.NodeDown(other)))));

        addFilter("x");

        assertThat(heard).hasSize(1);
    }

    @Test
    void apply_sinkIsBusy_nextChangeWaitsForIt() {
        List<String> calls = Collections.synchronizedList(new ArrayList<>());
        get(backend.cluster().routes().follow(NODE, sink(() -> {
            calls.add("begin");
            if (calls.size() == 1) {
                CompletableFuture.runAsync(() -> addFilter("second"))
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join();
            }
            calls.add("end");
        })));

        addFilter("first");

        assertThat(calls).containsExactly("begin", "end", "begin", "end");
    }

    private void addFilter(String filter) {
        get(backend.cluster().routes().addTransient(NODE, TopicFilter.of(filter), QoS.AT_LEAST_ONCE));
    }

    // ---- no lock is held during a call ----

    @Test
    void callbacks_anyOfThem_runWithoutLock() {
        NodeId other = new NodeId("other.1");
        AtomicReference<String> last = new AtomicReference<>("nobody");
        get(backend.cluster().bus().join(other, handler(() -> {
            touchFromAnotherThread();
            last.set("handler");
        })));
        get(backend.cluster().routes().follow(NODE, sink(() -> {
            touchFromAnotherThread();
            last.set("sink");
        })));
        Attached a = get(backend.sessions().attach(request("a", 60, Optional.empty(), other)));
        get(backend.sessions()
                .subscribe(
                        a.fence(),
                        new SubscriptionChange(List.of(Subscription.of("x", QoS.AT_LEAST_ONCE)), List.of(), 10)));
        assertThat(last).hasValue("sink");
        backend.sessions().enqueue(MESSAGE, List.of(new Leg(a.session(), QoS.AT_LEAST_ONCE)), callback(() -> {
            touchFromAnotherThread();
            last.set("callback");
        }));
        assertThat(last).hasValue("callback");
        attach("a", 60);
        assertThat(last).hasValue("handler");
    }

    /** Uses the session of "a" in another thread, which would wait for ever if this one held its lock. */
    private void touchFromAnotherThread() {
        Attached touched = CompletableFuture.supplyAsync(() -> {
                    addFilter("touch");
                    return get(backend.sessions().attach(request("b", 60, Optional.empty())));
                })
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        CompletableFuture.runAsync(() -> {
                    get(backend.cluster().presence().locate(List.of(ClientId.of("a"))));
                    get(backend.sessions().detach(touched.fence(), Detach.CLEAN, 0));
                })
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static EnqueueCallback callback(Runnable task) {
        return new EnqueueCallback() {
            @Override
            public void onStored(int leg, long seq, Owner owner, long acknowledgedUpTo) {
                task.run();
            }

            @Override
            public void onFailed(int leg, Throwable cause) {
                throw new AssertionError(cause);
            }
        };
    }

    private static ClusterBus.Handler handler(Runnable onRecord) {
        return new ClusterBus.Handler() {
            @Override
            public void onRecord(NodeId from, BusRecord record) {
                onRecord.run();
            }

            @Override
            public void onFenced() {}

            @Override
            public void onConnectionLost(NodeId node, ClientId client) {}

            @Override
            public void onGap() {}

            @Override
            public void onStoreReplaced() {}
        };
    }

    private static RouteLog.RouteSink sink(Runnable onChange) {
        return new RouteLog.RouteSink() {
            @Override
            public void beginSnapshot() {}

            @Override
            public void endSnapshot(RoutePosition position) {}

            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void apply(RouteChange change, RoutePosition position) {
                onChange.run();
            }

            @Override
            public void freshAsOf(long nanoTime) {}
        };
    }

    private MemoryBackend newBackend(MemoryBackend.Config config) {
        MemoryBackend created = new MemoryBackend(config.withClock(() -> now.get()));
        get(created.start());
        get(created.cluster().bus().join(NODE, handler(() -> {})));
        return created;
    }

    private Attached attach(String client, long expirySeconds) {
        return get(backend.sessions().attach(request(client, expirySeconds, Optional.empty())));
    }

    private AttachRequest request(String client, long expirySeconds, Optional<Will> will) {
        return request(client, expirySeconds, will, NODE);
    }

    private synchronized AttachRequest request(String client, long expirySeconds, Optional<Will> will, NodeId node) {
        Token token = new Token(node + "-" + ++tokens);
        return new AttachRequest(ClientId.of(client), Optional.empty(), token, node, false, expirySeconds, will, 10);
    }

    private void enqueue(Attached session) {
        backend.sessions().enqueue(MESSAGE, List.of(new Leg(session.session(), QoS.AT_LEAST_ONCE)), callback(() -> {}));
    }

    private void put(String topic, String payload) {
        Message message = Message.of(topic, payload, QoS.AT_LEAST_ONCE).withRetain(true);
        assertThat(get(backend.retained().put(message, Optional.empty()))).isEqualTo(FenceResult.OK);
    }

    /** The answer, which is there when the call returns. */
    private static <T> T get(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(future).isDone();
        return future.join();
    }
}
