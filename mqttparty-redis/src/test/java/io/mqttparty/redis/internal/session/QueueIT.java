package io.mqttparty.redis.internal.session;

import static io.mqttparty.redis.internal.session.AttachIT.queueKey;
import static io.mqttparty.redis.internal.session.Scene.A;
import static io.mqttparty.redis.internal.session.Scene.B;
import static io.mqttparty.redis.internal.session.Scene.EMPTY;
import static io.mqttparty.redis.internal.session.Scene.FIRST;
import static io.mqttparty.redis.internal.session.Scene.await;
import static io.mqttparty.redis.internal.session.Scene.failure;
import static io.mqttparty.redis.internal.session.Scene.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.QoS;
import io.mqttparty.redis.internal.lane.RedisErrorException;
import io.mqttparty.redis.internal.record.UnreadableRecordException;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.EnqueueCallback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Queues in Redis: what never reaches another incarnation, what a planted fault costs, and how many commands it takes. */
final class QueueIT {
    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    // ---- F24 ----

    @Test // F24
    void lateXdelAndStaleXadd_afterCleanConnectAndNewSession_newQueueIsUntouched() {
        Attached old = scene.attach(A, "c");
        scene.enqueueAll(old.session(), "m1");
        scene.attachTransient(B, "c");
        Attached fresh = scene.attach(A, "c");
        scene.enqueueAll(fresh.session(), "new");

        scene.store.acknowledge(old.session(), new long[] {FIRST});
        scene.store.withdraw(old.session(), new long[] {FIRST});
        assertThat(scene.enqueue(old.session(), message("stale")).seq()).isNegative();
        await(scene.store.watermark(fresh.fence(), 0, 0)); // behind the XDEL on the same lane

        assertThat(scene.payloads(fresh.session())).containsExactly("new");
        assertThat(SessionStore.packetId(scene.queue(fresh.session()).get(0).seq()))
                .isEqualTo(1);
        assertThat(scene.redis.keys()).doesNotContain(queueKey(old));
    }

    // ---- F27 ----

    @Test // F27
    @Tag("MQTT-4.3.3-2")
    void acknowledgementsOfUnknownNumbers_rightAfterResume_makeNoKey() {
        Attached attached = scene.attach(A, "c");
        scene.enqueueAll(attached.session(), "m1");
        scene.store.acknowledge(attached.session(), new long[] {FIRST});
        scene.detach(attached);
        Attached again = scene.attach(A, "c");
        var keys = scene.redis.keys();

        scene.store.acknowledge(again.session(), new long[] {FIRST, FIRST + 7});
        assertThat(scene.complete(again, FIRST + 7)).isEqualTo(FenceResult.OK);

        assertThat(again.lastSeq()).as("it has had an outbound message").isEqualTo(FIRST);
        assertThat(scene.redis.keys()).isEqualTo(keys);
        assertThat(scene.release(again, FIRST + 7))
                .as("PUBREC is answered with PUBREL")
                .isEqualTo(FenceResult.OK);
        assertThat(scene.complete(again, FIRST + 7)).isEqualTo(FenceResult.OK);
        assertThat(scene.redis.keys()).isEqualTo(keys);
    }

    @Test // F27
    void attach_freshSession_lastNumberTellsThatNothingWasEverSent() {
        assertThat(scene.attach(A, "c").lastSeq()).isEqualTo(EMPTY);
    }

    // ---- F28 ----

    @Test // F28
    void attach_thousandReleased_areAscendingAfterTakeover() {
        Attached attached = scene.attach(A, "c");
        List<CompletableFuture<FenceResult>> all = new ArrayList<>();
        for (long i = 1_000; i > 0; i--) {
            all.add(scene.store
                    .qos2Out(attached.fence(), EMPTY + i, SessionStore.Qos2Out.RELEASED)
                    .toCompletableFuture());
        }
        all.forEach(Scene::await);

        assertThat(scene.attach(B, "c").released())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(FIRST, EMPTY + 1_000).boxed().toList());
    }

    @Test // F28
    void oddClientIds_keysDoNotCollideAndAreGoneAfterwards() {
        List<String> ids = List.of(
                "{a}", "a", "%7Ba%7D", "{a}:s", "a:s", "a}:s", "}", "{", "%", "a\u0001", "ä", "😀", "*", "r:s", "n:x",
                "a b", "c'\"");
        var before = scene.redis.keys();
        List<Attached> all = new ArrayList<>();
        for (String id : ids) {
            Attached attached = scene.attach(scene.request(A, id, false, Scene.EXPIRY, Optional.empty()));
            scene.enqueueAll(attached.session(), "of " + id);
            all.add(attached);
        }
        for (int i = 0; i < ids.size(); i++) {
            Attached again = scene.attach(B, ids.get(i));
            assertThat(again.session()).isEqualTo(all.get(i).session());
            assertThat(Scene.payloads(again.records())).containsExactly("of " + ids.get(i));
        }
        for (String id : ids) {
            scene.detach(scene.attachTransient(B, id));
        }
        assertThat(scene.redis.keys()).isEqualTo(before);
    }

    // ---- F25: the key count ----

    @Test // F25
    void sessionsOfAllKinds_ended_keyCountIsBackToBase() {
        var before = scene.redis.keys();
        for (int i = 0; i < 20; i++) {
            Attached attached = scene.attachWithWill(A, "c" + i);
            scene.subscribe(attached.fence(), "x/" + i);
            scene.enqueueAll(attached.session(), "m1", "m2");
            scene.release(attached, FIRST);
            scene.send("HSET", "{c" + i + "}:i", "7", "\u0003");
            if (i % 3 == 0) {
                scene.detach(attached);
            }
            Attached last = scene.attachTransient(i % 2 == 0 ? A : B, "c" + i);
            last.pendingWills()
                    .forEach(will -> await(scene.store.detach(
                            new Fence(will.client(), attached.fence().token(), will.epoch()),
                            SessionStore.Detach.CLEAN,
                            0)));
            scene.detach(last);
        }
        var after = new ArrayList<>(scene.redis.keys());
        after.removeAll(before);
        assertThat(after).allMatch(key -> key.equals("r:l") || key.startsWith("n:{"));
        assertThat(scene.isAttachedTo(A, "c0")).isFalse();
    }

    // ---- planted faults ----

    @Test
    void unknownRecordVersion_endsThatSessionOnly() {
        Attached broken = scene.attach(A, "c");
        Attached other = scene.attach(A, "d");
        scene.enqueueAll(broken.session(), "m1");
        scene.enqueueAll(other.session(), "m1");
        scene.send("XADD", queueKey(broken), "0-*", "p", "\u0002later");

        assertThat(failure(scene.store.read(broken.session(), 0, 10))).isInstanceOf(UnreadableRecordException.class);
        assertThat(failure(scene.store.attach(scene.request(A, "c")))).isInstanceOf(UnreadableRecordException.class);
        assertThat(scene.payloads(other.session())).containsExactly("m1");
        assertThat(scene.attachTransient(A, "c").present())
                .as("a clean session gets rid of it")
                .isFalse();
    }

    @Test
    void wrongTypes_failThatSessionOnlyAndChangeNothing() {
        for (String suffix : List.of("s", "r", "i", "q")) {
            String client = "c" + suffix;
            Attached broken = scene.attach(A, client);
            scene.detach(broken);
            String key = suffix.equals("q") ? queueKey(broken) : "{" + client + "}:" + suffix;
            scene.send("DEL", key);
            scene.send("SET", key, "planted");
            var before = scene.dump();

            assertThat(failure(scene.store.attach(scene.request(B, client)))).isInstanceOf(RedisErrorException.class);

            assertThat(scene.dump()).isEqualTo(before);
            assertThat(scene.isAttachedTo(B, client)).isFalse();
        }
        scene.enqueueAll(scene.attach(A, "d").session(), "m");
    }

    @Test
    void enqueue_wrongType_failsThatLegOnly() {
        Attached broken = scene.attach(A, "c");
        Attached fine = scene.attach(A, "d");
        scene.send("DEL", queueKey(broken));
        scene.send("SET", queueKey(broken), "planted");
        Answers answers = new Answers(2);

        scene.store.enqueue(
                message("m"),
                List.of(new Leg(broken.session(), QoS.AT_LEAST_ONCE), new Leg(fine.session(), QoS.AT_LEAST_ONCE)),
                answers);

        assertThat(await(answers.done)).isEqualTo(2);
        assertThat(answers.failed.get()).isEqualTo(1);
        assertThat(scene.payloads(fine.session())).containsExactly("m");
    }

    @Test
    void enqueue_queueLostInAFailover_failsAndIsNotTakenForGone() {
        Attached attached = scene.attach(A, "c");
        scene.send("DEL", queueKey(attached));

        assertThat(failure(scene.enqueueAsync(attached.session(), message("m"))))
                .isInstanceOf(MqttPartyException.class)
                .hasMessageContaining("lost");
    }

    @Test
    void redisFull_nothingIsStoredButQueuesDrainAndConnectionsEnd() {
        Attached attached = scene.attach(A, "c");
        scene.enqueueAll(attached.session(), "m1", "m2");
        var client = scene.redis.client();
        client.config("maxmemory", "1");
        try {
            var before = scene.dump();
            assertThat(failure(scene.enqueueAsync(attached.session(), message("m3"))))
                    .isInstanceOfSatisfying(
                            RedisErrorException.class,
                            e -> assertThat(e.is("OOM")).isTrue());
            assertThat(failure(scene.store.attach(scene.request(B, "c")))).isInstanceOf(RedisErrorException.class);
            assertThat(failure(scene.store.attach(scene.request(B, "new")))).isInstanceOf(RedisErrorException.class);
            assertThat(scene.dump()).isEqualTo(before);
            assertThat(scene.release(attached, FIRST)).isEqualTo(FenceResult.OK);
            scene.store.acknowledge(attached.session(), new long[] {FIRST + 1});
            assertThat(scene.detach(attached)).isEqualTo(FenceResult.OK);
            assertThat(scene.queue(attached.session())).isEmpty();
        } finally {
            client.config("maxmemory", "0");
        }
        assertThat(scene.attach(B, "c").released()).containsExactly(FIRST);
    }

    // ---- what it costs ----

    @Test
    void enqueueAndAcknowledge_atOnce_areThreeCommandsAMessageAtMost() {
        Attached attached = scene.attach(A, "c");
        scene.enqueueAll(attached.session(), "warm");
        await(scene.store.watermark(attached.fence(), 0, 0)); // behind what the first record caused
        var client = scene.redis.client();
        client.resetStatistics();
        int messages = 640;
        List<CompletableFuture<SessionStore.Stored>> all = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            all.add(scene.enqueueAsync(attached.session(), message("m" + i)));
        }
        for (var each : all) {
            scene.store.acknowledge(attached.session(), new long[] {await(each).seq()});
        }
        await(scene.store.watermark(attached.fence(), 0, 0));

        Awaitility.await() // a script that Redis does not know yet is sent again, behind others
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(client.commandCalls().getOrDefault("memory|usage", 0L))
                        .isEqualTo(messages / 64));
        var calls = client.commandCalls();
        assertThat(calls.get("xadd")).isEqualTo(messages);
        assertThat(calls.get("hmget")).isBetween((long) messages, messages + 1L);
        assertThat(calls.get("xdel")).isLessThanOrEqualTo(messages);
        assertThat(scene.payloads(attached.session())).containsExactly("warm");
    }

    @Test
    void acknowledge_whileTheLaneIsBusy_isOneCommandForASession() {
        Attached attached = scene.attach(A, "c");
        int messages = 200;
        for (int i = 0; i < messages; i++) {
            scene.enqueue(attached.session(), message("m" + i));
        }
        var client = scene.redis.client();
        client.resetStatistics();
        for (int i = 0; i < messages; i++) {
            scene.store.acknowledge(attached.session(), new long[] {FIRST + i});
        }
        await(scene.store.watermark(attached.fence(), 0, 0));

        assertThat(scene.queue(attached.session())).isEmpty();
        assertThat(client.commandCalls().get("xdel")).isLessThan(messages / 2);
    }

    @Test
    void enqueue_manyLegs_eachIsToldOnce() {
        int legs = 2_000;
        List<Leg> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Attached attached = scene.attach(A, "c" + i);
            for (int j = 0; j < legs / 20; j++) {
                all.add(new Leg(attached.session(), j % 2 == 0 ? QoS.AT_LEAST_ONCE : QoS.EXACTLY_ONCE));
            }
        }
        Answers answers = new Answers(legs);

        scene.store.enqueue(message("m").withQos(QoS.EXACTLY_ONCE), all, answers);

        assertThat(await(answers.done)).isEqualTo(legs);
        assertThat(answers.failed.get()).isZero();
        assertThat(scene.queue(all.get(0).session()))
                .hasSize(legs / 20)
                .extracting(each -> each.message().qos())
                .startsWith(QoS.AT_LEAST_ONCE, QoS.EXACTLY_ONCE);
    }

    /** Counts the answers of one enqueue. */
    private static final class Answers implements EnqueueCallback {
        private final int legs;
        private final AtomicInteger told = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();
        private final CompletableFuture<Integer> done = new CompletableFuture<>();

        Answers(int legs) {
            this.legs = legs;
        }

        @Override
        public void onStored(int leg, long seq, Owner owner, long acknowledgedUpTo) {
            tell();
        }

        @Override
        public void onFailed(int leg, Throwable cause) {
            failed.incrementAndGet();
            tell();
        }

        private void tell() {
            int count = told.incrementAndGet();
            if (count == legs) {
                done.complete(count);
            } else if (count > legs) {
                done.completeExceptionally(new AssertionError("a leg was told twice"));
            }
        }
    }

    // ---- very many ----

    @Test
    void enqueue_moreLegsThanALaneTakes_allAreAnsweredOnce() {
        int legs = 60_000;
        List<Attached> there = List.of(scene.attach(A, "first"), scene.attach(A, "middle"), scene.attach(A, "last"));
        List<Leg> all = new ArrayList<>();
        for (int i = 0; i < legs; i++) {
            int at = i * 2 / (legs - 1); // the first, one in the middle, the last
            boolean isThere = i == 0 || i == legs / 2 || i == legs - 1;
            SessionRef session = isThere
                    ? there.get(at).session()
                    : new SessionRef(
                            ClientId.of("gone" + i), there.get(0).session().incarnation());
            all.add(new Leg(session, QoS.AT_LEAST_ONCE));
        }
        AtomicIntegerArray answers = new AtomicIntegerArray(legs);
        AtomicInteger stored = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        CountDownLatch open = new CountDownLatch(legs);

        scene.store.enqueue(message("m"), all, new EnqueueCallback() {
            @Override
            public void onStored(int leg, long seq, Owner owner, long acknowledgedUpTo) {
                answers.incrementAndGet(leg);
                stored.addAndGet(seq < 0 ? 0 : 1);
                open.countDown();
            }

            @Override
            public void onFailed(int leg, Throwable cause) {
                answers.incrementAndGet(leg);
                failed.incrementAndGet();
                open.countDown();
            }
        });

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> open.getCount() == 0);
        assertThat(failed).hasValue(0);
        assertThat(stored).hasValue(3);
        assertThat(IntStream.range(0, legs).map(answers::get)).containsOnly(1);
        there.forEach(each -> assertThat(scene.payloads(each.session())).containsExactly("m"));
    }
}
