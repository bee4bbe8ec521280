package io.mqttparty.http.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.internal.outbox.DrainNode.Delivery;
import io.mqttparty.model.ClientId;
import io.mqttparty.spi.DeadLetters.DeadLetter;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Outbox.Lease;
import io.mqttparty.spi.Outbox.Page;
import io.mqttparty.spi.Outbox.Waiting;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One node that drains: what becomes of messages. */
final class OutboxDrainerTest {
    private final DrainScene scene = new DrainScene();
    private final DrainNode node = scene.node();

    @AfterEach
    void close() {
        scene.close();
    }

    // ---- order ----

    @Test
    void appended_isDeliveredAtOnceAndGone() {
        Entry entry = node.append("a", "1");

        assertThat(scene.deliveries).extracting(Delivery::entry).containsExactly(entry);
        assertThat(scene.waiting()).isZero();
    }

    @Test
    void waitedBefore_isDeliveredAtTheStart() {
        DrainScene other = new DrainScene();
        other.append("a", "1");
        other.append("b", "2");

        other.node();

        assertThat(other.delivered()).containsExactlyInAnyOrder("1", "2");
        assertThat(other.waiting()).isZero();
    }

    @Test
    void oneClient_oneAfterTheOther_othersMeanwhile() {
        node.hold();
        node.append("a", "a1");
        node.append("a", "a2");
        node.append("b", "b1");
        assertThat(scene.delivered()).containsExactly("a1", "b1");

        node.complete(scene.deliveries.get(1));
        assertThat(scene.delivered()).containsExactly("a1", "b1");
        node.complete(scene.deliveries.get(0));

        assertThat(scene.delivered()).containsExactly("a1", "b1", "a2");
        assertThat(scene.waiting()).isOne();
    }

    @Test
    void manyClientsOfAShard_onlySoManyAtOnce_allInTheEnd() {
        node.hold();
        for (int i = 0; i < 40; i++) {
            node.append(scene.clientOf(3, i).value(), "m" + i);
        }
        assertThat(node.open()).hasSize(DrainSettings.DEFAULTS.inFlight());

        node.answers(new Attempt.Delivered());
        node.open().forEach(node::complete);

        assertThat(scene.delivered()).hasSize(40).doesNotHaveDuplicates();
        assertThat(scene.waiting()).isZero();
    }

    @Test
    void longBacklog_noMoreInMemoryThanTheWindow_andEverythingInOrder() {
        List<Integer> asked = new ArrayList<>();
        node.calls("read").replace((arguments, store) -> {
            if (((Lease) arguments[0]).shard() == scene.shardOf("a")) {
                asked.add((Integer) arguments[2]);
            }
            return store.apply(arguments);
        });
        node.hold();
        List<String> expected = IntStream.range(0, 2_000).mapToObj(i -> "m" + i).toList();
        expected.forEach(payload -> node.append("a", payload));
        int window = DrainSettings.DEFAULTS.window();
        assertThat(asked).allMatch(room -> room <= window);
        scene.advanceSeconds(1);
        asked.clear();
        scene.advanceSeconds(60);
        assertThat(asked)
                .as("all but a few stay in the outbox; it looks for messages of others now and then")
                .hasSizeLessThan(20);
        asked.clear();

        node.answers(new Attempt.Delivered());
        node.complete(node.open().get(0));
        scene.advanceSeconds(1);

        assertThat(scene.deliveredOf("a")).isEqualTo(expected);
        assertThat(scene.waiting()).isZero();
        assertThat(asked).hasSizeLessThan(60);
    }

    @Test
    void largeMessages_noMoreInMemoryThanTheWindow() {
        List<Integer> loaded = new ArrayList<>();
        node.calls("read").<Page>changeAnswers(page -> {
            loaded.add(page.messages().size());
            return page;
        });
        node.hold();
        for (int i = 0; i < 100; i++) {
            node.append("a", "x".repeat(100_000));
            scene.advanceMillis(30);
        }
        scene.advanceSeconds(60);
        assertThat(loaded.stream().mapToInt(each -> each).sum()).isBetween(6, 12);

        node.answers(new Attempt.Delivered());
        node.complete(node.open().get(0));
        scene.advanceSeconds(10);

        assertThat(scene.deliveries).hasSize(100);
        assertThat(scene.waiting()).isZero();
    }

    // ---- what fails ----

    @Test
    void failed_isTriedAgainWithLongerAndLongerWaits_countsAndIsADeadLetterInTheEnd() {
        node.answers(new Attempt.Failed("status 500", Duration.ZERO));
        node.append("a", "1");
        node.append("a", "2");
        assertThat(scene.delivered()).containsExactly("1");

        scene.advanceMillis(250);
        assertThat(scene.delivered()).hasSize(1);
        scene.advanceMillis(250);
        assertThat(scene.delivered()).containsExactly("1", "1");
        scene.advanceMillis(500);
        assertThat(scene.delivered()).hasSize(2);
        scene.advanceMillis(500);
        assertThat(scene.delivered()).hasSize(3);
        assertThat(scene.deliveries).extracting(Delivery::attempts).containsExactly(0, 1, 2);
        assertThat(node.heard())
                .containsExactly("failed 1 1 status 500", "failed 1 2 status 500", "failed 1 3 status 500");

        scene.advance(Duration.ofMinutes(15));

        assertThat(scene.deliveredOf("a").stream().filter("1"::equals)).hasSize(20);
        assertThat(scene.deadLetters()).first().satisfies(letter -> {
            assertThat(letter.entry().message().payload().asUtf8String()).isEqualTo("1");
            assertThat(letter.attempts()).isEqualTo(20);
            assertThat(letter.reason()).isEqualTo("status 500");
        });
        assertThat(node.heard()).contains("given up 1 20 status 500");
        assertThat(scene.delivered()).endsWith("2");
    }

    @Test
    void failed_waitsAsLongAsTheOtherSideAsks_withinLimits() {
        node.answers(new Attempt.Failed("status 503", Duration.ofSeconds(30)));
        node.append("a", "1");
        scene.advanceMillis(29_999);
        assertThat(scene.delivered()).hasSize(1);
        node.answers(new Attempt.Failed("status 503", Duration.ofDays(1)));
        scene.advanceMillis(1);
        assertThat(scene.delivered()).hasSize(2);

        scene.advance(Duration.ofMinutes(5));

        assertThat(scene.delivered()).hasSize(3);
    }

    @Test
    void failed_moreThanAWindowOfOneClient_othersOfTheShardGoOnAndItsOwnComeInOrder() {
        boolean[] works = {false};
        node.answers(delivery -> CompletableFuture.completedFuture(
                delivery.payload().startsWith("bad") && !works[0]
                        ? new Attempt.NotTried(Duration.ZERO)
                        : new Attempt.Delivered()));
        List<String> bad = IntStream.range(0, 3 * DrainSettings.DEFAULTS.window())
                .mapToObj(i -> "bad " + i)
                .toList();
        bad.forEach(payload -> node.append("a", payload));
        String sameShard = scene.clientOf(scene.shardOf("a"), 5).value();
        node.append(sameShard, "good");
        scene.advanceSeconds(1);
        assertThat(scene.deliveredOf(sameShard)).containsExactly("good");

        works[0] = true;
        scene.advanceSeconds(20);

        assertThat(scene.waiting()).isZero();
        List<String> tries = scene.deliveredOf("a");
        int failures = tries.lastIndexOf("bad 0");
        assertThat(tries.subList(0, failures)).containsOnly("bad 0");
        assertThat(tries.subList(failures, tries.size())).isEqualTo(bad);
    }

    @Test
    void failed_otherRoutesOfTheSameClientGoOn() {
        node.answers(delivery -> CompletableFuture.completedFuture(
                delivery.entry().route().equals("down")
                        ? new Attempt.NotTried(Duration.ZERO)
                        : new Attempt.Delivered()));
        scene.append("a", "down", "1");
        scene.append("a", "up", "2");
        scene.append("a", "down", "3");
        scene.append("a", "up", "4");
        scene.advanceSeconds(6);

        assertThat(scene.deliveredOf("a")).contains("2", "4").doesNotContain("3");
        assertThat(scene.waiting()).isEqualTo(2);
    }

    @Test
    void failed_manyClients_othersOfTheShardGoOn() {
        node.answers(delivery -> CompletableFuture.completedFuture(
                delivery.payload().equals("bad") ? new Attempt.NotTried(Duration.ZERO) : new Attempt.Delivered()));
        int shard = scene.shardOf("a");
        for (int i = 1; i <= 2 * DrainSettings.DEFAULTS.window(); i++) {
            node.append(scene.clientOf(shard, i).value(), "bad");
        }
        String other =
                scene.clientOf(shard, 2 * DrainSettings.DEFAULTS.window() + 1).value();
        node.append(other, "good");
        scene.advanceSeconds(1);

        assertThat(scene.deliveredOf(other)).containsExactly("good");
    }

    @Test
    void failed_othersGoOn() {
        node.answers(delivery -> CompletableFuture.completedFuture(
                delivery.payload().startsWith("bad")
                        ? new Attempt.Failed("status 500", Duration.ZERO)
                        : new Attempt.Delivered()));
        String sameShard = scene.clientOf(scene.shardOf("a"), 5).value();
        node.append("a", "bad 1");
        node.append("a", "2");
        node.append(sameShard, "3");

        assertThat(scene.delivered()).containsExactly("bad 1", "3");
        assertThat(scene.waiting()).isEqualTo(2);
    }

    @Test
    void refused_isADeadLetterAtOnce_theNextOneGoesOn() {
        node.answers(delivery -> CompletableFuture.completedFuture(
                delivery.payload().equals("bad") ? new Attempt.Refused("status 400") : new Attempt.Delivered()));
        node.append("a", "bad");
        node.append("a", "good");

        assertThat(scene.delivered()).containsExactly("bad", "good");
        assertThat(node.heard()).containsExactly("refused bad 1 status 400");
        assertThat(scene.deadLetters()).extracting(DeadLetter::reason).containsExactly("status 400");
        assertThat(scene.waiting()).isZero();
    }

    @Test
    void notTried_neverCounts() {
        node.answers(new Attempt.NotTried(Duration.ZERO));
        node.append("a", "1");
        scene.advance(Duration.ofHours(1));
        assertThat(scene.deliveries).hasSizeGreaterThan(400).allMatch(each -> each.attempts() == 0);
        assertThat(scene.deadLetters()).isEmpty();

        node.answers(new Attempt.Delivered());
        scene.advanceSeconds(9);

        assertThat(scene.waiting()).isZero();
        assertThat(node.heard()).isEmpty();
    }

    @Test
    void delivererThrowsOrItsStageFails_isAFailedTry() {
        node.answers(delivery -> {
            throw new IllegalStateException("broken");
        });
        node.append("a", "1");
        node.answers(delivery -> CompletableFuture.failedFuture(new IllegalStateException("late")));
        scene.advanceMillis(500);

        assertThat(node.heard())
                .containsExactly(
                        "failed 1 1 java.lang.IllegalStateException: broken",
                        "failed 1 2 java.lang.IllegalStateException: late");
        node.answers(new Attempt.Delivered());
        scene.advanceSeconds(2);
        assertThat(scene.waiting()).isZero();
    }

    @Test
    void requeued_isDeliveredWithoutAWakeUp() {
        node.answers(new Attempt.Refused("status 400"));
        node.append("a", "1");
        node.answers(new Attempt.Delivered());
        DeadLetter letter = scene.deadLetters().get(0);

        DrainScene.now(scene.outbox.deadLetters().requeue(letter.shard(), letter.position()));
        scene.advance(DrainSettings.DEFAULTS.longestPollAlone());

        assertThat(scene.delivered()).containsExactly("1", "1");
        assertThat(scene.deliveries.get(1).entry()).isEqualTo(letter.entry());
        assertThat(scene.waiting()).isZero();
    }

    @Test
    void unreadable_isSaidAndStopsNothing() {
        node.calls("read").<Page>changeAnswers(page -> new Page(page.result(), page.messages(), 2));
        node.append("a", "1");

        assertThat(scene.delivered()).containsExactly("1");
        assertThat(node.heard()).contains("unreadable " + scene.shardOf("a") + " 2");
    }

    // ---- the outbox fails ----

    @Test
    void done_fails_isSaidAgainAndNothingIsDeliveredTwice() {
        node.calls("done").failRequests();
        node.append("a", "1");
        node.append("a", "2");
        assertThat(scene.waiting()).isEqualTo(2);
        node.calls("done").loseAnswers();
        scene.advanceMillis(500);
        assertThat(scene.waiting()).isZero();

        node.calls("done").pass();
        scene.advanceSeconds(10);

        assertThat(scene.delivered()).containsExactly("1", "2");
        assertThat(scene.waiting()).isZero();
        assertThat(node.heard()).contains("outbox done");
    }

    @Test
    void read_fails_isTriedAgain() {
        node.calls("read").failRequests();
        node.append("a", "1");
        assertThat(scene.delivered()).isEmpty();

        node.calls("read").pass();
        scene.advanceMillis(500);

        assertThat(scene.delivered()).containsExactly("1");
    }

    @Test
    void deadLetter_fails_isSaidAgainAndTheNextOneWaits() {
        node.answers(delivery -> CompletableFuture.completedFuture(
                delivery.payload().equals("bad") ? new Attempt.Refused("no") : new Attempt.Delivered()));
        node.calls("deadLetter").failRequests();
        node.append("a", "bad");
        node.append("a", "good");
        assertThat(scene.delivered()).containsExactly("bad");
        node.calls("deadLetter").loseAnswers();
        scene.advanceMillis(500);
        assertThat(scene.delivered()).containsExactly("bad");

        node.calls("deadLetter").pass();
        scene.advanceMillis(1_000);

        assertThat(scene.delivered()).containsExactly("bad", "good");
        assertThat(scene.deadLetters()).hasSize(1);
        assertThat(node.heard()).filteredOn(line -> line.startsWith("refused")).hasSize(1);
    }

    @Test
    void failed_cannotBeNoted_isTriedAgainAllTheSame() {
        node.calls("failed").failRequests();
        node.answers(new Attempt.Failed("status 500", Duration.ZERO));
        node.append("a", "1");
        scene.advanceMillis(500);
        assertThat(scene.deliveries).extracting(Delivery::attempts).containsExactly(0, 1);
    }

    @Test
    void failedTries_areKnownToTheNextNode() {
        node.answers(new Attempt.Failed("status 500", Duration.ZERO));
        node.append("a", "1");
        scene.advanceMillis(500);
        node.kill();
        DrainNode next = scene.node();
        scene.advanceSeconds(30);

        assertThat(scene.deliveries.stream().filter(each -> each.node() == next))
                .extracting(Delivery::attempts)
                .containsExactly(2);
    }

    @Test
    void everythingOfTheOutboxFails_goesOnAfterwards() {
        for (String method : List.of("drainers", "lease", "read", "done")) {
            node.calls(method).failRequests();
        }
        node.append("a", "1");
        scene.advance(Duration.ofMinutes(5));
        assertThat(scene.delivered()).isEmpty();

        for (String method : List.of("drainers", "lease", "read", "done")) {
            node.calls(method).pass();
        }
        scene.advanceSeconds(6);

        assertThat(scene.delivered()).containsExactly("1");
        assertThat(scene.held()).containsExactly(16);
    }

    // ---- the end ----

    @Test
    void stop_nothingUnderWay_givesEverythingBackAtOnce() {
        CompletableFuture<Void> stopped = node.stop();

        assertThat(stopped).isCompleted();
        assertThat(scene.status()).allMatch(each -> each.drainedBy().isEmpty());
        assertThat(scene.drainers()).isEmpty();
        assertThat(scene.clock.scheduledTasks()).isZero();
        node.append("a", "1");
        scene.advance(Duration.ofMinutes(1));
        assertThat(scene.delivered()).isEmpty();
    }

    @Test
    void stop_deliveryUnderWay_waitsForItAndTheOutboxKnows() {
        node.hold();
        node.append("a", "1");
        node.append("a", "2");
        CompletableFuture<Void> stopped = node.stop();
        assertThat(stopped).isNotDone();

        node.complete(scene.deliveries.get(0));

        assertThat(stopped).isCompleted();
        assertThat(scene.delivered()).containsExactly("1");
        assertThat(scene.waiting()).isOne();
        assertThat(scene.status()).allMatch(each -> each.drainedBy().isEmpty());
    }

    @Test
    void stop_deliveryNeverEnds_isDoneInTimeAndItsLeaseEndsByItself() {
        node.hold();
        node.append("a", "1");
        CompletableFuture<Void> stopped = node.stop();
        scene.advanceMillis(3_999);
        assertThat(stopped).isNotDone();

        scene.advanceMillis(1);

        assertThat(stopped).isCompleted();
        assertThat(scene.status())
                .filteredOn(each -> each.drainedBy().isPresent())
                .hasSize(1);
    }

    @Test
    void stop_whileALeaseIsAskedFor_givesItBack() {
        DrainScene other = new DrainScene();
        DrainNode late = other.newNode();
        late.calls("lease").holdAnswers();
        late.drainer().start();
        CompletableFuture<Void> stopped = late.stop();
        assertThat(stopped).isNotDone();

        late.calls("lease").release();

        assertThat(stopped).isCompleted();
        assertThat(other.status()).allMatch(each -> each.drainedBy().isEmpty());
    }

    @Test
    void stop_whileADeadLetterIsWritten_waitsForIt() {
        node.calls("deadLetter").holdRequests();
        node.answers(new Attempt.Refused("no"));
        node.append("a", "1");
        CompletableFuture<Void> stopped = node.stop();
        assertThat(stopped).isNotDone();

        node.calls("deadLetter").release();

        assertThat(stopped).isCompleted();
        assertThat(scene.deadLetters()).hasSize(1);
    }

    // ---- what it costs ----

    @Test
    void idle_alone_costsLittle() {
        scene.advance(Duration.ofMinutes(1));
        int before = calls();

        scene.advance(Duration.ofMinutes(1));

        // 16 reads each 5 s, 16 leases and one list of drainers each 4.4 to 5 s
        assertThat(calls() - before).isBetween(16 * 12, 16 * 28 + 15);
    }

    private int calls() {
        return List.of("drainers", "lease", "read", "done", "failed", "release", "status").stream()
                .mapToInt(method -> node.calls(method).calls())
                .sum();
    }

    @Test
    void appendedElsewhere_isDeliveredSoonAfterOthersAndWithinTheLongestPollWhenIdle() {
        DrainNode second = scene.node();
        scene.advanceSeconds(30);
        DrainNode holder = node.heldShards().contains(scene.shardOf("a")) ? node : second;
        DrainNode other = holder == node ? second : node;

        other.append("a", "1");
        assertThat(scene.delivered()).isEmpty();
        int waited = 0;
        while (scene.delivered().isEmpty()) {
            scene.advanceMillis(10);
            waited += 10;
        }
        assertThat(waited).isLessThanOrEqualTo(1_000);

        other.append("a", "2");
        scene.advanceMillis(20);
        assertThat(scene.delivered()).containsExactly("1", "2");
        assertThat(scene.deliveries).allMatch(each -> each.node() == holder);
    }

    @Test
    void waiting_onlyTheFirstOneIsReadAgain() {
        List<Long> positions = new ArrayList<>();
        node.calls("read").<Page>changeAnswers(page -> {
            page.messages().stream().map(Waiting::position).forEach(positions::add);
            return page;
        });
        node.answers(new Attempt.NotTried(Duration.ZERO));
        for (int i = 0; i < 10; i++) {
            node.append("a", "m" + i);
        }
        scene.advance(Duration.ofMinutes(1));

        assertThat(positions)
                .startsWith(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L)
                .hasSizeBetween(15, 30);
        assertThat(positions.subList(10, positions.size())).containsOnly(1L);
        assertThat(scene.outbox.shardOf(ClientId.of("a"))).isBetween(0, 15);
        assertThat(scene.drainers()).containsExactly(new Token("node-0"));
    }
}
