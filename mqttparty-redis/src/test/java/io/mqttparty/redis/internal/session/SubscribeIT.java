package io.mqttparty.redis.internal.session;

import static io.mqttparty.redis.internal.session.Scene.A;
import static io.mqttparty.redis.internal.session.Scene.B;
import static io.mqttparty.redis.internal.session.Scene.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.RetainedCursor;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscriptions in Redis. */
final class SubscribeIT {
    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test // F19
    void subscribe_onANodeThatKnowsNothing_theUnionIsStored() {
        Attached first = scene.attach(A, "c");
        scene.subscribe(first.fence(), "x", "y/#");
        Attached second = scene.attach(B, "c");

        var change = new SubscriptionChange(
                List.of(Subscription.of("z", QoS.EXACTLY_ONCE)), List.of(TopicFilter.of("x")), 10);
        assertThat(await(scene.storeB.subscribe(second.fence(), change)).result())
                .isEqualTo(FenceResult.OK);

        assertThat(scene.attach(A, "c").subscriptions())
                .containsExactly(Subscription.of("y/#", QoS.AT_LEAST_ONCE), Subscription.of("z", QoS.EXACTLY_ONCE));
        assertThat(scene.send("HLEN", "r:s").number()).isEqualTo(1);
    }

    @Test // F19
    void subscribe_ofAZombie_isStaleAndSaysNothing() {
        Attached zombie = scene.attach(A, "c");
        scene.attach(B, "c");
        var before = scene.dump();

        assertThat(scene.subscribe(zombie.fence(), "x").result()).isEqualTo(FenceResult.STALE);

        assertThat(scene.dump()).isEqualTo(before);
    }

    @Test
    void subscribe_cursors_keepTheirPlaceUntilTheirFilterComesAgain() {
        Attached attached = scene.attach(A, "c");
        scene.subscribe(attached.fence(), "x", "y", "z");
        RetainedCursor moved = new RetainedCursor(TopicFilter.of("y"), QoS.AT_LEAST_ONCE, "y/ä");
        scene.redis
                .client()
                .send(
                        "HSET".getBytes(UTF_8),
                        scene.redis.key("{c}:s").getBytes(UTF_8),
                        "rp".getBytes(UTF_8),
                        RetainedCursors.encode(moved));

        scene.subscribe(attached.fence(), "w");
        assertThat(scene.attach(A, "c").retained())
                .containsExactly(moved, new RetainedCursor(TopicFilter.of("w"), QoS.AT_LEAST_ONCE, ""));

        Attached again = scene.attach(A, "c");
        scene.subscribe(again.fence(), "y");
        assertThat(scene.attach(A, "c").retained())
                .extracting(cursor -> cursor.filter() + "@" + cursor.after())
                .containsExactly("w@", "y@");
    }

    @Test
    void subscribe_thousandFilters_allAreKeptInOrder() {
        Attached attached = scene.attach(A, "c");
        List<Subscription> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(Subscription.of("devices/" + i + "/+/#", QoS.of(i % 3)));
        }
        for (int i = 0; i < 1_000; i += 100) {
            await(scene.store.subscribe(
                    attached.fence(), new SubscriptionChange(all.subList(i, i + 100), List.of(), 1_000)));
        }
        var answer = await(scene.store.subscribe(
                attached.fence(),
                new SubscriptionChange(List.of(Subscription.of("more", QoS.AT_LEAST_ONCE)), List.of(), 1_000)));

        assertThat(answer.refused()).containsExactly(TopicFilter.of("more"));
        assertThat(scene.attach(B, "c").subscriptions()).isEqualTo(all);
    }
}
