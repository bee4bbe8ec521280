package io.mqttparty.redis.internal.session;

import static io.mqttparty.redis.internal.session.Scene.A;
import static io.mqttparty.redis.internal.session.Scene.B;
import static io.mqttparty.redis.internal.session.Scene.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.model.Will;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.retained.RedisRetained;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.Fired;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.SessionStore.Qos2In;
import io.mqttparty.spi.SessionStore.Qos2InState;
import io.mqttparty.spi.SessionStore.Qos2Publish;
import io.mqttparty.spi.SessionStore.Qos2Published;
import io.mqttparty.spi.SessionStore.RetainedCursor;
import io.mqttparty.spi.SessionStore.RetainedStep;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import io.mqttparty.spi.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes wrong between two nodes with QoS 2, wills, retained messages and the end of sessions, step by step against a real Redis. */
final class Qos2AndWillScenariosIT {
    private static final Message SENT = Message.of("t", "m", QoS.EXACTLY_ONCE);

    private final Scene scene = new Scene();
    private final RedisRetained retainedA = new RedisRetained(scene.redis.context());
    private final RedisRetained retainedB = new RedisRetained(scene.redis.context());

    @AfterEach
    void close() {
        scene.close();
    }

    // ---- F5, F6: retained messages for a subscription ----

    @Test // F5
    void subscribe_thousandsOfRetained_ownerKilledBetweenPages_allArriveOnceAndNothingIsTrimmed() {
        int count = 5_000;
        List<CompletableFuture<?>> open = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            open.add(retainedA
                    .put(retained("d" + i % 50 + "/" + i, "v"), Optional.empty())
                    .toCompletableFuture());
        }
        await(CompletableFuture.allOf(open.toArray(CompletableFuture[]::new)));
        Attached session = scene.attach(A, "a");
        scene.subscribe(session.fence(), "#");

        List<Queued> received = new ArrayList<>();
        session = scene.attach(A, "a"); // the cursor is in the answer of an attach
        NodeId owner = A;
        for (int pages = 0; !session.retained().isEmpty(); pages++) {
            assertThat(pages).isLessThan(100);
            page(session.fence(), session.retained().get(0));
            if (pages % 3 == 2) { // the client takes all that is there
                List<Queued> queue = scene.queue(session.session());
                received.addAll(queue);
                long[] seqs = queue.stream().mapToLong(Queued::seq).toArray();
                scene.store.acknowledge(session.session(), seqs);
            }
            assertThat(await(scene.store.detaching().lose(ClientId.of("a"), owner)))
                    .isTrue();
            owner = owner.equals(A) ? B : A;
            session = scene.attach(owner, "a");
            assertThat(session.present()).isTrue();
        }
        received.addAll(scene.queue(session.session()));

        assertThat(received).hasSize(count);
        assertThat(received).extracting(each -> each.message().topic()).doesNotHaveDuplicates();
        assertThat(received).extracting(Queued::seq).isSorted().doesNotHaveDuplicates();
        assertThat(received.get(count - 1).seq()).as("no number is missing").isEqualTo(Scene.EMPTY + count);
    }

    @Test // F6
    void retainedPublish_againstSubscribe_liveOrRetainedOrBoth_neverNeither() {
        for (int i = 0; i < 300; i++) {
            String topic = "race/" + i;
            Attached session = scene.attach(A, "s" + i);
            CompletableFuture<Boolean> live = i % 2 == 0 ? publishRetained(topic, "s" + i) : null;
            CompletableFuture<Boolean> queued = subscribeAndPage(session, topic);
            if (live == null) {
                live = publishRetained(topic, "s" + i);
            }

            assertThat(await(live) || await(queued)).as("round " + i).isTrue();
        }
    }

    /** The retained write comes first, and the routes are read after its answer: whether the client has one. */
    private CompletableFuture<Boolean> publishRetained(String topic, String subscriber) {
        return retainedB
                .put(retained(topic, "v"), Optional.empty())
                .thenCompose(written -> Lanes.call(
                        scene.redis.context().lanes().of(ClientId.of(subscriber)),
                        CommandType.HEXISTS,
                        reply -> Reply.number(reply) == 1,
                        scene.redis.context().keys().routes(),
                        subscriber.getBytes(UTF_8)))
                .toCompletableFuture();
    }

    /** The route is there first, and the retained messages are read after: whether this one was found. */
    private CompletableFuture<Boolean> subscribeAndPage(Attached session, String topic) {
        SubscriptionChange change =
                new SubscriptionChange(List.of(Subscription.of("race/+", QoS.AT_LEAST_ONCE)), List.of(), 10);
        return scene.store
                .subscribe(session.fence(), change)
                .thenCompose(done -> retainedA.match(TopicFilter.of(topic), "", 10))
                .thenApply(page -> !page.messages().isEmpty())
                .toCompletableFuture();
    }

    // ---- F8, F9: wills ----

    @Test // F8
    @Tag("MQTT-3.1.2-8")
    void takeover_newOwnerDiesBeforeItFired_eachWillIsPublishedOnce() {
        Attached target = scene.attach(A, "target");
        Attached first = scene.attachWithWill(A, "c");
        Attached second = scene.attachWithWill(B, "c");
        assertThat(second.pendingWills())
                .extracting(PendingWill::epoch)
                .containsExactly(first.fence().epoch());
        scene.die(B);
        assertThat(await(scene.store.detaching().lose(ClientId.of("c"), B))).isTrue();
        assertThat(await(scene.store.detaching().lose(ClientId.of("c"), B))).isFalse();

        List<PendingWill> due = await(scene.store.sweep(10)).wills();
        assertThat(due)
                .extracting(PendingWill::epoch)
                .containsExactly(first.fence().epoch(), second.fence().epoch());
        for (PendingWill will : due) {
            fireByBoth(will, target);
        }
        assertThat(scene.payloads(target.session())).containsExactly("will", "will");
        assertThat(await(scene.store.sweep(10)).wills()).isEmpty();
        assertThat(scene.attach(A, "c").pendingWills()).isEmpty();
    }

    @Test // F8
    void transientSession_nodeKilled_willIsPublishedOnceAndNothingIsLeft() {
        Attached target = scene.attach(A, "target");
        List<String> before = scene.redis.keys();
        scene.attach(scene.request(B, "c", true, 0, Optional.of(new Will(Scene.message("will")))));
        scene.die(B);
        await(scene.store.detaching().lose(ClientId.of("c"), B));

        List<PendingWill> due = await(scene.store.sweep(10)).wills();
        assertThat(due).hasSize(1);
        fireByBoth(due.get(0), target);

        assertThat(scene.payloads(target.session())).containsExactly("will");
        assertThat(keysBesidesSweep())
                .isEqualTo(before.stream()
                        .filter(key -> !key.equals("n:{" + B + "}"))
                        .toList());
    }

    /** Two nodes found it at once. */
    private void fireByBoth(PendingWill will, Attached target) {
        CompletableFuture<Fired> a =
                scene.store.fireWill(will.client(), will.epoch(), to(target)).toCompletableFuture();
        CompletableFuture<Fired> b =
                scene.storeB.fireWill(will.client(), will.epoch(), to(target)).toCompletableFuture();
        assertThat(List.of(await(a).fired(), await(b).fired())).containsExactlyInAnyOrder(true, false);
    }

    @Test // F9
    @Tag("MQTT-3.1.2-17")
    void retainedWill_firingNodeStalls_clientComesBackOnline_onlineStays() {
        Message offline = retained("status", "offline");
        Attached first = scene.attach(scene.request(A, "c", false, Scene.EXPIRY, Optional.of(new Will(offline))));
        scene.detach(first, Detach.LOST, 0);
        long epoch = first.fence().epoch();
        assertThat(await(scene.store.retainWill(ClientId.of("c"), epoch))).isTrue(); // and then A stalls

        Attached back = scene.attach(B, "c");
        assertThat(back.pendingWills()).extracting(PendingWill::epoch).containsExactly(epoch);
        assertThat(await(scene.storeB.retainWill(ClientId.of("c"), epoch))).isFalse();
        assertThat(await(scene.storeB.fireWill(ClientId.of("c"), epoch, Targets.NONE))
                        .fired())
                .isTrue();
        await(retainedB.put(retained("status", "online"), Optional.of(back.fence())));

        assertThat(await(scene.store.retainWill(ClientId.of("c"), epoch))).isFalse(); // A goes on
        assertThat(await(scene.store.fireWill(ClientId.of("c"), epoch, Targets.NONE))
                        .fired())
                .isFalse();
        assertThat(stored("status")).contains("online");
    }

    // ---- F10, F26: QoS 2 ----

    @Test // F10
    @Tag("MQTT-4.3.3-2")
    void qos2_resentAfterADayOnAnotherNode_zombieWakesAfterTheIdIsUsedAgain_eachMessageOnce() {
        Attached target = scene.attach(A, "target");
        Attached zombie = scene.attach(A, "p");
        publish(zombie, 7, 1, target);
        Attached owner = scene.attach(B, "p");
        assertThat(owner.inbound()).containsEntry(7, Qos2InState.DONE);
        assertThat(publish(owner, 7, 2, target).status()).isEqualTo(Qos2Published.Status.DUPLICATE);
        assertThat(await(scene.storeB.qos2In(owner.fence(), 7, Qos2In.CLEAR))).isEqualTo(FenceResult.OK);
        assertThat(publish(owner, 7, 3, target).status()).isEqualTo(Qos2Published.Status.NEW);

        assertThat(publish(zombie, 7, 1, target).status()).isEqualTo(Qos2Published.Status.STALE);
        assertThat(await(scene.store.qos2In(zombie.fence(), 7, Qos2In.CLEAR))).isEqualTo(FenceResult.STALE);

        assertThat(scene.payloads(target.session())).containsExactly("m", "m");
        assertThat(publish(owner, 7, 4, target).messageId()).isEqualTo(id(3));
    }

    @Test // F26
    void qos2_upstreamOverACrash_keepsItsId() {
        Attached first = scene.attach(A, "p");
        Qos2Publish publish = new Qos2Publish(7, id(1), SENT, Targets.NONE, true);
        assertThat(await(scene.store.publishQos2(first.fence(), publish)).upstreamDone())
                .isFalse();
        scene.die(A);
        await(scene.storeB.detaching().lose(ClientId.of("p"), A));

        Attached second = scene.attach(B, "p");
        Qos2Published resent =
                await(scene.storeB.publishQos2(second.fence(), new Qos2Publish(7, id(2), SENT, Targets.NONE, true)));
        assertThat(second.inbound()).containsEntry(7, Qos2InState.ENQUEUED);
        assertThat(resent.messageId()).isEqualTo(id(1));
        assertThat(resent.upstreamDone()).isFalse();
        await(scene.storeB.qos2In(second.fence(), 7, Qos2In.DONE));
        assertThat(scene.attach(B, "p").inbound()).containsEntry(7, Qos2InState.DONE);
    }

    // ---- F12: the fence of retained messages ----

    @Test // F12
    void retainedPublish_stalledInALane_clientGoesOnElsewhere_neverGoesBack() {
        Attached stalled = scene.attach(A, "p");
        Attached owner = scene.attach(B, "p");
        await(retainedB.put(retained("status", "m13"), Optional.of(owner.fence())));

        assertThat(await(retainedA.put(retained("status", "m9"), Optional.of(stalled.fence()))))
                .isEqualTo(FenceResult.STALE);
        scene.detach(owner);
        assertThat(await(retainedA.put(retained("status", "m9"), Optional.of(stalled.fence()))))
                .isEqualTo(FenceResult.STALE);
        assertThat(stored("status")).contains("m13");
    }

    // ---- F25: the end of sessions ----

    @Test // F25
    void publishQos2_againstExpiry_reachesItOrFindsItGone_andLeavesNoQueue() {
        Attached publisher = scene.attach(A, "p");
        int reached = 0;
        for (int i = 0; i < 200; i++) {
            Attached target = expired("t" + i);
            CompletableFuture<Qos2Published> published = scene.store
                    .publishQos2(publisher.fence(), new Qos2Publish(1 + i, id(i), SENT, to(target), false))
                    .toCompletableFuture();
            assertThat(await(scene.storeB.sweep(10).thenCombine(published, (swept, done) -> swept))
                            .expired())
                    .isLessThanOrEqualTo(1);
            reached += await(published).legs().get(0).seq() > 0 ? 1 : 0;
        }
        await(scene.storeB.sweep(1_000));

        assertThat(reached).isBetween(0, 200);
        assertThat(scene.redis.keys()).noneMatch(key -> key.startsWith("{t"));
    }

    @Test // F25
    void sweep_againstAttachAndDetach_sessionIsThereOrGone_neverHalf() {
        for (int i = 0; i < 200; i++) {
            expired("c" + i);
            CompletableFuture<Attached> back =
                    scene.store.attach(scene.request(A, "c" + i)).toCompletableFuture();
            await(scene.storeB.sweep(10));
            Attached attached = await(back);
            assertThat(scene.enqueue(attached.session(), SENT).seq()).isPositive();
            scene.detach(attached);
            await(scene.storeB.sweep(10));
            assertThat(scene.payloads(attached.session())).containsExactly("m");
            assertThat(scene.ends("{c" + i + "}:s")).isTrue();
        }
        assertThat(scene.redis.keys()).filteredOn(key -> key.contains("}:q:")).hasSize(200);
    }

    @Test // F25
    void safetyNetFires_thenSweep_keysAreBackToBase() {
        List<String> before = scene.redis.keys();
        for (int i = 0; i < 20; i++) {
            Attached session = scene.attach(A, "c" + i);
            scene.subscribe(session.fence(), "a/" + i);
            scene.enqueueAll(session.session(), "m");
            publish(session, 7, 1, session);
            scene.detach(session);
        }
        scene.redis.keys().stream()
                .filter(key -> key.startsWith("{c"))
                .forEach(key ->
                        assertThat(scene.send("PEXPIRE", key, "0").number()).isOne());
        for (int bucket = 0; bucket < Keys.DUE_BUCKETS; bucket++) { // a sweeper that slept too long
            for (String client :
                    scene.send("ZRANGE", "exp:" + bucket, "0", "-1").texts()) {
                scene.send("ZADD", "exp:" + bucket, "1", client);
            }
        }

        assertThat(await(scene.store.sweep(100)).expired()).isEqualTo(20);

        assertThat(keysBesidesSweep())
                .containsExactlyElementsOf(Stream.concat(before.stream(), Stream.of("r:l"))
                        .sorted()
                        .toList());
    }

    // ---- words ----

    private Attached expired(String client) {
        Attached attached = scene.attach(A, client);
        scene.detach(attached);
        scene.send("HSET", "{" + client + "}:s", "at", "1");
        scene.send("ZADD", "exp:" + Keys.dueBucket(ClientId.of(client)), "2", client);
        return attached;
    }

    private void page(Fence fence, RetainedCursor from) {
        var page = await(retainedA.match(from.filter(), from.after(), 256));
        List<TopicName> topics = page.messages().stream().map(Message::topic).toList();
        Optional<RetainedCursor> next =
                page.next().map(after -> new RetainedCursor(from.filter(), from.grant(), after));
        assertThat(await(scene.store.enqueueRetained(fence, new RetainedStep(from, topics, next)))
                        .result())
                .isEqualTo(FenceResult.OK);
    }

    private static Message retained(String topic, String payload) {
        return Message.of(topic, payload, QoS.AT_LEAST_ONCE).withRetain(true);
    }

    private Optional<String> stored(String topic) {
        return await(retainedA.exact(TopicName.of(topic)))
                .map(message -> message.payload().asUtf8String());
    }

    private List<String> keysBesidesSweep() {
        return scene.redis.keys().stream().filter(key -> !key.equals("sweep")).toList();
    }

    private Qos2Published publish(Attached publisher, int packetId, long id, Attached target) {
        return await(
                scene.store.publishQos2(publisher.fence(), new Qos2Publish(packetId, id(id), SENT, to(target), false)));
    }

    private static Targets to(Attached target) {
        return new Targets(List.of(new Leg(target.session(), QoS.EXACTLY_ONCE)), Set.of(), List.of());
    }

    private static MessageId id(long number) {
        return new MessageId(number, ~number);
    }
}
