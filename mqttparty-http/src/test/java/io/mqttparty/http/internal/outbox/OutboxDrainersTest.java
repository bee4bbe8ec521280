package io.mqttparty.http.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.internal.outbox.DrainNode.Delivery;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Outbox.Lease;
import io.mqttparty.spi.Outbox.ShardStatus;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several nodes that drain: who has which shard, and what becomes of messages meanwhile. */
final class OutboxDrainersTest {
    private final DrainScene scene = new DrainScene();

    @AfterEach
    void close() {
        scene.close();
    }

    private DrainNode holderOf(String client, DrainNode... nodes) {
        for (DrainNode each : nodes) {
            if (each.heldShards().contains(scene.shardOf(client))) {
                return each;
            }
        }
        throw new AssertionError("nobody holds the shard of " + client);
    }

    // ---- dividing ----

    @Test
    void nodes_comeAndGo_shardsAreSpreadEvenly() {
        DrainNode one = scene.node();
        assertThat(scene.held()).containsExactly(16);

        DrainNode two = scene.node();
        scene.advanceSeconds(7);
        assertThat(scene.held()).containsExactly(8, 8);

        DrainNode three = scene.node();
        scene.advanceSeconds(7);
        assertThat(scene.held().stream().sorted()).containsExactly(5, 5, 6);

        DrainScene.now(two.stop());
        scene.advanceSeconds(7);
        assertThat(scene.held()).containsExactly(8, 0, 8);

        DrainScene.now(one.stop());
        scene.advanceSeconds(7);
        assertThat(scene.held()).containsExactly(0, 0, 16);
        DrainScene.now(three.stop());
        assertThat(scene.status()).allMatch(each -> each.drainedBy().isEmpty());
    }

    @Test
    void nodes_stay_shardsStay() {
        DrainNode one = scene.node();
        DrainNode two = scene.node();
        scene.advanceSeconds(7);
        List<Long> before = epochs();

        scene.advance(Duration.ofMinutes(10));

        assertThat(scene.held()).containsExactly(8, 8);
        assertThat(epochs()).isEqualTo(before);
        assertThat(one.calls("release").calls() + two.calls("release").calls()).isEqualTo(8);
    }

    /** An epoch for each shard, seen by whoever would take it; nobody can. */
    private List<Long> epochs() {
        return scene.status().stream()
                .map(each ->
                        (long) each.drainedBy().map(Token::value).orElse("").hashCode())
                .toList();
    }

    @Test
    void node_dies_othersTakeItsShardsWhenItsTimeIsOver() {
        DrainNode one = scene.node();
        scene.node();
        scene.advanceSeconds(7);

        one.kill();
        scene.advanceSeconds(5);
        assertThat(scene.held()).containsExactly(0, 8);
        scene.advanceSeconds(17);

        assertThat(scene.held()).containsExactly(0, 16);
    }

    @Test
    void idle_twoNodes_costLittle() {
        DrainNode one = scene.node();
        DrainNode two = scene.node();
        scene.advance(Duration.ofMinutes(1));
        int before = calls(one) + calls(two);

        scene.advance(Duration.ofMinutes(1));

        // for both together: 16 reads a second, 16 leases and two lists of drainers each 4.4 to 5 s
        assertThat(calls(one) + calls(two) - before).isBetween(16 * 60, 16 * 74 + 28);
    }

    private static int calls(DrainNode node) {
        return List.of("drainers", "lease", "read", "done", "failed", "release", "status").stream()
                .mapToInt(method -> node.calls(method).calls())
                .sum();
    }

    @Test
    void node_isNewAndOldOneStillDelivers_waitsForIt() {
        DrainNode one = scene.node();
        one.hold();
        String client = scene.clientOf(1, 0).value(); // of the second node, once it is there
        one.append(client, "1");
        one.append(client, "2");
        DrainNode two = scene.node();
        scene.advanceSeconds(8);
        assertThat(two.heldShards()).doesNotContain(1).hasSize(7);

        one.complete(one.open().get(0));
        scene.advanceSeconds(1);

        assertThat(scene.deliveredOf(client)).containsExactly("1", "2");
        assertThat(scene.deliveries).extracting(Delivery::node).containsExactly(one, two);
        assertThat(scene.waiting()).isZero();
    }

    // ---- death ----

    @Test
    void node_diesBetweenDeliveryAndDone_messageComesAgainWithItsIdAndInOrder() {
        DrainNode one = scene.node();
        DrainNode two = scene.node();
        scene.advanceSeconds(7);
        DrainNode holder = holderOf("a", one, two);
        holder.calls("done").holdRequests();
        Entry first = holder.append("a", "1");
        assertThat(scene.delivered()).containsExactly("1");
        holder.kill();
        scene.append("a", "2");

        scene.advanceSeconds(30);

        assertThat(scene.delivered()).containsExactly("1", "1", "2");
        assertThat(scene.deliveries.get(1).entry()).isEqualTo(first);
        assertThat(scene.waiting()).isZero();
    }

    // ---- a node that is too slow ----

    @Test
    void lease_cannotBeRenewed_nothingNewIsBegunAndTheNextNodeGoesOn() {
        DrainNode one = scene.node();
        DrainNode two = scene.node();
        scene.advanceSeconds(7);
        DrainNode slow = holderOf("a", one, two);
        DrainNode other = slow == one ? two : one;
        slow.calls("lease").failRequests();
        slow.calls("drainers").failRequests();
        scene.advanceSeconds(10);
        int before = scene.deliveries.size();

        slow.append("a", "1"); // too little of its lease is left
        assertThat(scene.deliveries).hasSize(before);
        scene.advanceSeconds(30);

        assertThat(scene.deliveries).extracting(Delivery::node).containsExactly(other);
        assertThat(scene.waiting()).isZero();
    }

    @Test
    void lease_lostWhileDelivering_whatIsUnderWayMayComeTwice_butTheOutboxHearsOfOneNodeOnly() {
        DrainNode one = scene.node();
        DrainNode two = scene.node();
        scene.advanceSeconds(7);
        DrainNode slow = holderOf("a", one, two);
        slow.hold();
        slow.append("a", "1");
        slow.append("a", "2");
        slow.calls("lease").failRequests();
        slow.calls("drainers").failRequests();
        scene.advanceSeconds(40);
        assertThat(scene.delivered()).containsExactly("1", "1", "2");

        slow.complete(scene.deliveries.get(0));
        scene.advanceSeconds(1);

        assertThat(scene.delivered()).containsExactly("1", "1", "2");
        assertThat(scene.waiting()).isZero();
        assertThat(slow.heldShards()).doesNotContain(scene.shardOf("a"));
    }

    @Test
    void lease_takenByAnother_stopsAtTheFirstStaleAnswer() {
        DrainNode one = scene.node();
        one.hold();
        one.append("a", "1");
        one.append("a", "2");
        int shard = scene.shardOf("a");
        one.calls("lease").holdRequests();
        one.calls("drainers").holdRequests();
        scene.advanceSeconds(16);
        Lease stolen = DrainScene.now(scene.outbox.lease(shard, new Token("thief"), Duration.ofMinutes(1)))
                .orElseThrow();

        one.complete(scene.deliveries.get(0));
        scene.advanceSeconds(1);

        assertThat(one.heldShards()).doesNotContain(shard);
        assertThat(scene.delivered())
                .containsExactly("1"); // delivered, but the outbox does not take its word for it any more
        assertThat(DrainScene.now(scene.outbox.read(stolen, 0, 10)).messages()).hasSize(2);
        assertThat(DrainScene.now(scene.outbox.release(stolen))).isEqualTo(FenceResult.OK);
        one.calls("lease").release();
        one.calls("drainers").release();
        one.answers(new Attempt.Delivered());
        scene.advanceSeconds(10);
        assertThat(scene.delivered()).containsExactly("1", "1", "2");
        assertThat(scene.waiting()).isZero();
    }

    // ---- everything at once ----

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void chaos_nothingIsLost_orderOfEachClientHolds(long seed) {
        Random random = new Random(seed);
        List<DrainNode> living = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            living.add(chaotic(random));
        }
        Map<String, List<String>> sent = new HashMap<>();
        for (int i = 0; i < 1_500; i++) {
            String client = "c" + random.nextInt(40);
            String payload = "m" + i;
            sent.computeIfAbsent(client, key -> new ArrayList<>()).add(payload);
            living.get(random.nextInt(living.size())).append(client, payload);
            scene.advanceMillis(random.nextInt(60));
            if (i % 150 == 149) {
                DrainNode victim = living.remove(random.nextInt(living.size()));
                if (random.nextBoolean()) {
                    victim.kill();
                } else {
                    var unused = victim.stop();
                }
                living.add(chaotic(random));
            }
            if (i % 100 == 50) {
                DrainNode unlucky = living.get(random.nextInt(living.size()));
                String method =
                        List.of("read", "done", "lease", "failed", "drainers").get(random.nextInt(5));
                if (random.nextBoolean()) {
                    unlucky.calls(method).failRequests();
                } else {
                    unlucky.calls(method).loseAnswers();
                }
            } else if (i % 100 == 80) {
                living.forEach(node -> List.of("read", "done", "lease", "failed", "drainers")
                        .forEach(method -> node.calls(method).pass()));
            }
        }
        living.forEach(node -> List.of("read", "done", "lease", "failed", "drainers")
                .forEach(method -> node.calls(method).pass()));
        scene.advance(Duration.ofMinutes(10));

        assertThat(scene.waiting()).isZero();
        assertThat(scene.deadLetters()).isEmpty();
        sent.forEach((client, payloads) -> assertThat(new LinkedHashSet<>(succeeded.getOrDefault(client, List.of())))
                .as(client)
                .containsExactlyElementsOf(payloads));
        assertThat(scene.status()).allMatch(each -> each.drainedBy().isPresent());
        assertThat(scene.status()).extracting(ShardStatus::bytes).containsOnly(0L);
    }

    /** What reached the other side, in order, by client. */
    private final Map<String, List<String>> succeeded = new HashMap<>();

    private DrainNode chaotic(Random random) {
        DrainNode node = scene.newNode();
        node.answers(delivery -> {
            int fate = random.nextInt(10);
            if (fate == 0) {
                return CompletableFuture.completedFuture(new Attempt.Failed("status 500", Duration.ZERO));
            }
            if (fate == 1) {
                return CompletableFuture.completedFuture(new Attempt.NotTried(Duration.ZERO));
            }
            CompletableFuture<Attempt> later = new CompletableFuture<>();
            scene.timers.schedule(random.nextInt(50_000_000), () -> {
                succeeded
                        .computeIfAbsent(delivery.entry().client().value(), key -> new ArrayList<>())
                        .add(delivery.payload());
                later.complete(new Attempt.Delivered());
            });
            return later;
        });
        node.drainer().start();
        return node;
    }
}
