package io.mqttparty.redis.internal.session;

import static io.mqttparty.redis.internal.session.Scene.A;
import static io.mqttparty.redis.internal.session.Scene.B;
import static io.mqttparty.redis.internal.session.Scene.EMPTY;
import static io.mqttparty.redis.internal.session.Scene.FIRST;
import static io.mqttparty.redis.internal.session.Scene.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.Will;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every command may run twice, since a lost answer says nothing. Redis forgets all scripts in between. */
final class RepeatIT {
    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void attach_new() {
        AttachRequest request = scene.request(A, "c", false, Scene.EXPIRY, Optional.of(new Will(Scene.message("w"))));
        assertSameAnswer(() -> scene.attach(request));
    }

    @Test
    void attach_resumed() {
        Attached first = filled();
        scene.detach(first, Detach.LOST, FIRST);
        AttachRequest request = scene.request(B, "c");
        assertSameAnswer(() -> scene.attach(request));
    }

    @Test
    void attach_takenOver() {
        filled();
        AttachRequest request = scene.request(B, "c");
        assertSameAnswer(() -> scene.attach(request));
        assertThat(scene.send("XLEN", "n:{" + A + "}:in").number()).isEqualTo(1);
    }

    @Test
    void attach_clean() {
        filled();
        AttachRequest request = scene.request(B, "c", true, 0, Optional.empty());
        assertSameAnswer(() -> scene.attach(request));
        assertThat(scene.send("XLEN", "r:l").number()).as("set, then gone").isEqualTo(2);
    }

    @Test
    void detach_persistentWithWill() {
        Attached attached = filled();
        assertSecondIsStale(() -> scene.detach(attached, Detach.LOST, FIRST));
    }

    @Test
    void detach_persistentClean() {
        Attached attached = filled();
        assertSecondIsStale(() -> scene.detach(attached, Detach.CLEAN, FIRST));
    }

    @Test
    void detach_transientWithWill() {
        Attached attached = scene.attach(scene.request(A, "c", true, 0, Optional.of(new Will(Scene.message("w")))));
        assertSecondIsStale(() -> scene.detach(attached, Detach.LOST, 0));
        assertThat(scene.field("c", "w:" + attached.fence().epoch())).isPresent();
    }

    @Test
    void detach_staleCleanOfAStub_removesItOnce() {
        Attached attached = scene.attach(scene.request(A, "c", true, 0, Optional.of(new Will(Scene.message("w")))));
        scene.detach(attached, Detach.LOST, 0);

        assertSameAnswer(() -> scene.detach(attached, Detach.CLEAN, 0));

        assertThat(scene.dump()).isEmpty();
    }

    @Test
    void lose_byTwoReapers() {
        Attached attached = filled();
        Fence fence = attached.fence();
        SortedMap<String, String> once = null;
        for (boolean expected : new boolean[] {true, false}) {
            assertThat(await(scene.storeB.detaching().lose(fence.client(), A))).isEqualTo(expected);
            once = once == null ? scene.dump() : once;
            flushScripts();
        }
        assertThat(scene.dump()).isEqualTo(once);
        assertThat(scene.isAttachedTo(A, "c")).isFalse();
    }

    @Test
    void lose_clientIsElsewhereMeanwhile_staysThere() {
        filled();
        Attached next = scene.attach(B, "c");
        scene.send("SADD", "n:{" + A + "}:c", "c"); // as if the page of the reaper had been read before

        assertThat(await(scene.store.detaching().lose(ClientId.of("c"), A))).isFalse();

        assertThat(scene.owns(next.fence())).isTrue();
        assertThat(scene.isAttachedTo(A, "c")).isFalse();
        assertThat(scene.isAttachedTo(B, "c")).isTrue();
    }

    @Test
    void subscribe_twice_isAnnouncedAgainAndStoredOnce() {
        Attached attached = scene.attach(A, "c");
        scene.subscribe(attached.fence(), "x", "y/#");
        String stored = scene.field("c", "sub").orElseThrow();
        String cursors = scene.field("c", "rp").orElseThrow();
        flushScripts();

        scene.subscribe(attached.fence(), "x", "y/#");

        assertThat(scene.field("c", "sub")).contains(stored);
        assertThat(scene.field("c", "rp")).contains(cursors);
        assertThat(scene.field("c", "sv")).contains("2");
        assertThat(scene.send("HLEN", "r:s").number()).isEqualTo(1);
    }

    @Test
    void qos2Out_bothSteps() {
        Attached attached = filled();
        assertSameAnswer(() -> scene.release(attached, FIRST));
        assertSameAnswer(() -> scene.complete(attached, FIRST));
        assertSameAnswer(() -> scene.complete(attached, FIRST + 1));
        assertThat(scene.redis.keys()).doesNotContain("{c}:r");
    }

    @Test
    void watermark_twiceAndBackwards_neverGoesDown() {
        Attached attached = filled();
        assertSameAnswer(() -> await(scene.store.watermark(attached.fence(), FIRST + 1, FIRST)));
        assertSameAnswer(() -> await(scene.store.watermark(attached.fence(), FIRST, EMPTY)));
        assertThat(scene.field("c", "ws")).contains(Long.toString(FIRST + 1));
        assertThat(scene.field("c", "a")).contains(Long.toString(FIRST));
    }

    @Test
    void renumber_twice() {
        Attached attached = filled();
        assertSameAnswer(() -> await(scene.store.renumber(attached.fence(), FIRST + 99)));
        assertThat(scene.payloads(attached.session())).containsExactly("m1", "m2", "m3");
    }

    @Test
    void positions_twice() {
        Attached attached = filled();
        assertSameAnswer(() -> await(scene.store.positions(List.of(attached.session()))));
    }

    @Test
    void enqueue_toWhatIsGone_removesTheRouteOnce() {
        Attached attached = filled();
        scene.send("DEL", "{c}:s");
        scene.send("DEL", AttachIT.queueKey(attached));

        assertSameAnswer(
                () -> scene.enqueue(attached.session(), Scene.message("late")).seq());

        assertThat(scene.redis.keys()).doesNotContain("r:s", AttachIT.queueKey(attached));
        assertThat(scene.send("XLEN", "r:l").number()).as("set, then gone").isEqualTo(2);
    }

    @Test
    void trim_ofAQueueBeyondItsBytes_doesNotGoOnTrimming() {
        try (Scene small = new Scene(Limits.DEFAULTS.withQueueBytes(64 * 1024))) {
            Attached attached = small.attach(A, "c");
            Message large = Scene.message("large").withPayload(Payload.copyOf(new byte[8 * 1024]));
            for (int i = 0; i < 40; i++) {
                small.enqueue(attached.session(), large);
            }
            assertThat(trimmed(small, attached, 0))
                    .as("by those who appended")
                    .isLessThan(8 + QueueBytes.stride(8 * 1024));

            int once = trimmed(small, attached, 1);
            int again = trimmed(small, attached, 3);

            assertThat(once).isBetween(4, 8).isEqualTo(again);
            assertThat(small.queue(attached.session()).get(once - 1).seq()).isEqualTo(FIRST + 39);
        }
    }

    /** How many records are left after so many measurements. */
    private static int trimmed(Scene small, Attached attached, int times) {
        QueueBytes bytes = new QueueBytes(small.redis.context());
        for (int i = 0; i < times; i++) {
            bytes.appended(attached.session(), 63, 1);
        }
        await(small.store.watermark(attached.fence(), 0, 0)); // behind them on the same lane
        return small.queue(attached.session()).size();
    }

    // ---- words ----

    /** A session with three records, a subscription and a will. */
    private Attached filled() {
        Attached attached = scene.attachWithWill(A, "c");
        scene.subscribe(attached.fence(), "x");
        scene.enqueueAll(attached.session(), "m1", "m2", "m3");
        return attached;
    }

    private <T> void assertSameAnswer(Supplier<T> step) {
        T first = step.get();
        SortedMap<String, String> once = scene.dump();
        flushScripts();
        T second = step.get();
        assertThat(second).isEqualTo(first);
        assertThat(scene.dump()).isEqualTo(once);
    }

    private void assertSecondIsStale(Supplier<FenceResult> step) {
        assertThat(step.get()).isEqualTo(FenceResult.OK);
        SortedMap<String, String> once = scene.dump();
        flushScripts();
        assertThat(step.get()).isEqualTo(FenceResult.STALE);
        assertThat(scene.dump()).isEqualTo(once);
    }

    private void flushScripts() {
        scene.redis.client().send("SCRIPT", "FLUSH");
    }
}
