package io.mqttparty.redis.internal.session;

import static io.mqttparty.redis.internal.session.Scene.A;
import static io.mqttparty.redis.internal.session.Scene.B;
import static io.mqttparty.redis.internal.session.Scene.EMPTY;
import static io.mqttparty.redis.internal.session.Scene.FIRST;
import static io.mqttparty.redis.internal.session.Scene.await;
import static io.mqttparty.redis.internal.session.Scene.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.Will;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.Qos2Out;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Attach and detach against a real Redis: what the contract cannot see, and what happens in between. */
final class AttachIT {
    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    // ---- F2 ----

    @Test // F2
    void attach_pingPong_oneLiveOwnerAndTheEpochOfTheStore() {
        List<Attached> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(scene.attach(i % 2 == 0 ? A : B, "c"));
        }

        Attached last = all.get(99);
        assertThat(all).filteredOn(each -> scene.owns(each.fence())).containsExactly(last);
        assertThat(all).extracting(each -> each.fence().epoch()).isSorted().doesNotHaveDuplicates();
        assertThat(scene.field("c", "e")).contains(Long.toString(last.fence().epoch()));
        assertThat(scene.field("c", "n")).contains(B.value());
        assertThat(scene.isAttachedTo(B, "c")).isTrue();
        assertThat(scene.isAttachedTo(A, "c")).isFalse();
        assertThat(scene.send("XLEN", "n:{" + A + "}:in").number()).isEqualTo(50);
        assertThat(scene.send("XLEN", "n:{" + B + "}:in").number()).isEqualTo(49);
    }

    @Test // F2
    void attach_newOwnerDiesBeforeItKicked_kickIsInTheInbox() {
        Attached old = scene.attach(A, "c");
        Attached next = scene.attach(B, "c");
        scene.die(B);

        assertThat(scene.owns(old.fence())).isFalse();
        assertThat(scene.send("XLEN", "n:{" + A + "}:in").number()).isEqualTo(1);
        Attached again = scene.attach(A, "c");
        assertThat(again.fence().epoch()).isGreaterThan(next.fence().epoch());
        assertThat(again.previous()).map(owner -> owner.node().orElseThrow()).contains(B);
    }

    @Test // epochs grew even when a failover lost the last one
    void attach_clockBehindTheEpoch_epochStillGrows() {
        Attached first = scene.attach(A, "c");
        long ahead = first.fence().epoch() + 1_000_000_000;
        scene.send("HSET", "{c}:s", "e", Long.toString(ahead));

        assertThat(scene.attach(A, "c").fence().epoch()).isEqualTo(ahead + 1);
    }

    @Test // a delayed kick of an earlier connection must not hit a later one
    void attach_againAndAgainAfterTheEndOfTheSession_epochsGrow() {
        List<Long> epochs = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Attached first = scene.attachTransient(A, "c");
            Attached second = scene.attachTransient(B, "c");
            epochs.add(first.fence().epoch());
            epochs.add(second.fence().epoch());
            scene.detach(second);
            assertThat(scene.field("c", "e")).isEmpty();
        }

        assertThat(epochs).isSorted().doesNotHaveDuplicates();
    }

    // ---- F3 ----

    @Test // F3
    @Tag("MQTT-3.1.2-6")
    void attach_afterLiveCleanSession_nothingOfItIsLeft() {
        Attached clean = scene.attachTransient(A, "c");
        scene.send("HSET", "{c}:i", "7", "\u0003");

        Attached next = scene.attach(B, "c");

        assertThat(next.present()).isFalse();
        assertThat(next.inbound()).isEmpty();
        assertThat(next.session()).isNotEqualTo(clean.session());
        assertThat(scene.redis.keys()).doesNotContain("{c}:i").contains(queueKey(next));
    }

    @Test // F3
    void attach_expiredUnswept_oldQueueAndRouteAreGone() {
        Attached old = scene.attach(A, "c");
        scene.subscribe(old.fence(), "x");
        scene.enqueueAll(old.session(), "m");
        await(scene.store.qos2Out(old.fence(), FIRST + 5, Qos2Out.RELEASED));
        scene.detach(old);
        long longAgo = Long.parseLong(scene.field("c", "at").orElseThrow()) - (Scene.EXPIRY + 1) * 1_000;
        scene.send("HSET", "{c}:s", "at", Long.toString(longAgo));

        Attached next = scene.attach(B, "c");

        assertThat(next.present()).isFalse();
        assertThat(next.records()).isEmpty();
        assertThat(next.released()).isEmpty();
        assertThat(next.subscriptions()).isEmpty();
        assertThat(scene.redis.keys())
                .doesNotContain(queueKey(old), "{c}:r", "r:s")
                .contains(queueKey(next));
        assertThat(scene.send("XLEN", "r:l").number()).as("set, then gone").isEqualTo(2);
    }

    // ---- F13 ----

    @Test // F13
    @Tag("MQTT-3.3.1-1")
    void attach_ownerDiedWithUnflushedHeadAndTail_everyResentPublishIsADuplicate() {
        Attached first = scene.attach(A, "c");
        scene.enqueueAll(first.session(), "m1", "m2", "m3", "m4");
        await(scene.store.watermark(first.fence(), FIRST, FIRST));
        scene.die(A);
        assertThat(await(scene.storeB.detaching().lose(ClientId.of("c"), A))).isTrue();

        Attached next = scene.attach(B, "c");

        assertThat(next.records()).hasSize(4).allMatch(each -> each.seq() <= next.dupUpTo());
    }

    @Test // F13, no reaper has been there yet
    void attach_ownerDiedUnreaped_everyResentPublishIsADuplicate() {
        Attached first = scene.attach(A, "c");
        scene.enqueueAll(first.session(), "m1", "m2");
        scene.die(A);

        assertThat(scene.attach(B, "c").dupUpTo()).isEqualTo(EMPTY + 2);
    }

    // ---- F15 ----

    @Test // F15
    void attach_nodeWasReaped_isFencedAndOwnsNothing() {
        AttachRequest late = scene.request(A, "c");
        scene.die(A);

        assertThat(failure(scene.store.attach(late)))
                .isInstanceOf(MqttPartyException.class)
                .hasMessageContaining("member");

        assertThat(scene.redis.keys()).noneMatch(key -> key.startsWith("{c}"));
        assertThat(scene.isAttachedTo(A, "c")).isFalse();
    }

    // ---- F16 ----

    @Test // F16
    void attachAndDetach_onOneNodeInAnyOrder_attachedMeansMember() {
        for (int order = 0; order < 3; order++) {
            String client = "c" + order;
            Attached first = scene.attach(A, client);
            AttachRequest next = scene.request(A, client);
            Attached second = switch (order) {
                case 0 -> {
                    scene.detach(first);
                    yield scene.attach(next);
                }
                case 1 -> {
                    Attached attached = scene.attach(next);
                    assertThat(scene.detach(first)).isEqualTo(FenceResult.STALE);
                    yield attached;
                }
                default -> {
                    var attaching = scene.store.attach(next);
                    var detaching = scene.store.detach(first.fence(), Detach.LOST, 0);
                    await(detaching);
                    yield await(attaching);
                }
            };
            assertThat(scene.owns(second.fence())).isTrue();
            assertThat(scene.isAttachedTo(A, client)).isTrue();
            assertThat(scene.send("ZCARD", "exp:" + Keys.dueBucket(ClientId.of(client)))
                            .number())
                    .isZero();
        }
    }

    // ---- F17 and double execution ----

    @Test // F17
    void attach_executedTwice_noOwnWillIsPendingAndNothingIsDoubled() {
        scene.attach(A, "c");
        AttachRequest request = scene.request(B, "c", false, Scene.EXPIRY, Optional.of(new Will(Scene.message("w"))));
        Attached first = scene.attach(request);
        List<String> keys = scene.redis.keys();

        Attached again = scene.attach(request);
        Attached elsewhere = await(scene.store.attach(request)); // names unknown here: RETRY on the way

        assertThat(again).isEqualTo(first);
        assertThat(elsewhere).isEqualTo(first);
        assertThat(scene.redis.keys()).isEqualTo(keys);
        assertThat(scene.send("XLEN", "n:{" + A + "}:in").number()).isEqualTo(1);
        scene.detach(first);
        assertThat(scene.attach(B, "c").pendingWills()).isEmpty();
    }

    @Test // F17
    void attach_timedOutButRan_detachOfItsTokenLeavesNoOwner() {
        AttachRequest request = scene.request(A, "c");
        scene.attach(request);

        var unknown = new Fence(request.client(), request.token(), 0);
        assertThat(await(scene.storeB.detach(unknown, Detach.CLEAN, 0))).isEqualTo(FenceResult.OK);
        assertThat(await(scene.storeB.detach(unknown, Detach.CLEAN, 0))).isEqualTo(FenceResult.STALE);

        assertThat(scene.field("c", "n")).isEmpty();
        assertThat(scene.isAttachedTo(A, "c")).isFalse();
    }

    @Test
    void detach_executedTwice_secondChangesNothing() {
        Attached attached = scene.attachWithWill(A, "c");
        scene.detach(attached, Detach.LOST, EMPTY);
        Optional<String> at = scene.field("c", "at");

        assertThat(scene.detach(attached, Detach.LOST, EMPTY + 9)).isEqualTo(FenceResult.STALE);

        assertThat(scene.field("c", "at")).isEqualTo(at);
        assertThat(scene.attach(A, "c").pendingWills()).hasSize(1);
    }

    // ---- lives ----

    @Test
    void detach_persistent_allKeysOfTheSessionEndByThemselves() {
        Attached attached = scene.attach(A, "c");
        scene.enqueueAll(attached.session(), "m1", "m2");
        await(scene.store.qos2Out(attached.fence(), FIRST, Qos2Out.RELEASED));
        scene.send("HSET", "{c}:i", "7", "\u0003");
        List<String> keys = List.of("{c}:s", queueKey(attached), "{c}:r", "{c}:i");
        assertThat(keys).noneMatch(scene::ends);

        scene.detach(attached);
        assertThat(keys).allMatch(scene::ends);

        scene.enqueueAll(attached.session(), "m3");
        assertThat(scene.ends(queueKey(attached))).isTrue();

        scene.attach(B, "c");
        assertThat(keys).noneMatch(scene::ends);
    }

    @Test
    void detach_lostWithWill_sessionWaitsForItsWill() {
        Attached attached = scene.attachWithWill(A, "c");

        scene.detach(attached, Detach.LOST, 0);

        assertThat(scene.ends("{c}:s")).isFalse();
        assertThat(scene.ends(queueKey(attached))).isTrue();
    }

    @Test
    void attach_queueLost_sessionBeginsAnew() {
        Attached first = scene.attach(A, "c");
        scene.subscribe(first.fence(), "x");
        scene.detach(first);
        scene.send("DEL", queueKey(first));

        Attached next = scene.attach(A, "c");

        assertThat(next.present()).isFalse();
        assertThat(next.subscriptions()).isEmpty();
        scene.enqueueAll(next.session(), "m");
        assertThat(scene.payloads(next.session())).containsExactly("m");
    }

    @Test
    void attach_flapsFasterThanWillsArePublished_keepsTheLatest() {
        Attached last = null;
        for (int i = 0; i < 1_005; i++) {
            last = scene.attachWithWill(A, "c");
        }
        assertThat(last.pendingWills()).hasSize(1_000);
        assertThat(last.pendingWills().get(999).epoch())
                .isEqualTo(last.previous().orElseThrow().epoch());
    }

    static String queueKey(Attached attached) {
        return "{" + attached.session().client() + "}:q:" + attached.session().incarnation();
    }
}
