package io.mqttparty.testkit.contract;

import static io.mqttparty.testkit.contract.OutboxContract.ONE;
import static io.mqttparty.testkit.contract.OutboxContract.SHARD;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.DeadLetters;
import io.mqttparty.spi.DeadLetters.DeadLetter;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Outbox.Lease;
import io.mqttparty.spi.Outbox.Waiting;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What was given up. */
abstract class DeadLetterCases {
    private final OutboxContract c;

    DeadLetterCases(OutboxContract contract) {
        this.c = contract;
    }

    private DeadLetters letters() {
        return c.outbox().deadLetters();
    }

    /** Gives up the oldest message that waits. */
    private Waiting giveUp(Lease lease, String reason) {
        Waiting oldest = c.waiting(lease).get(0);
        assertThat(c.await(c.outbox().deadLetter(lease, oldest, 3, reason))).isEqualTo(FenceResult.OK);
        return oldest;
    }

    private void giveUp(Entry... entries) {
        Lease lease = c.lease(ONE);
        for (Entry each : entries) {
            c.append(each);
            giveUp(lease, "reason");
        }
        c.await(c.outbox().release(lease));
    }

    @Test
    void deadLetter_isMovedWithItsReason() {
        Entry entry = c.entry("a");
        c.append(entry, c.entry("b"));
        Lease lease = c.lease(ONE);

        giveUp(lease, "500 Internal Server Error \u20ac");

        assertThat(OutboxContract.payloads(c.waiting(lease))).containsExactly("b");
        assertThat(c.dead()).singleElement().satisfies(letter -> {
            assertThat(letter.shard()).isEqualTo(SHARD);
            assertThat(letter.position()).isPositive();
            assertThat(letter.entry()).isEqualTo(entry);
            assertThat(letter.attempts()).isEqualTo(3);
            assertThat(letter.reason()).isEqualTo("500 Internal Server Error \u20ac");
            assertThat(letter.deadMillis()).isPositive();
        });
    }

    @Test
    void deadLetter_repeated_isThereOnce() {
        c.append(c.entry("a"));
        Lease lease = c.lease(ONE);
        Waiting message = giveUp(lease, "first");

        assertThat(c.await(c.outbox().deadLetter(lease, message, 4, "second"))).isEqualTo(FenceResult.OK);

        assertThat(c.dead()).extracting(DeadLetter::reason).containsExactly("first");
    }

    @Test
    void deadLetter_afterDone_hasNoEffect() {
        c.append(c.entry("a"));
        Lease lease = c.lease(ONE);
        List<Waiting> waiting = c.waiting(lease);
        c.await(c.outbox().done(lease, waiting));

        assertThat(c.await(c.outbox().deadLetter(lease, waiting.get(0), 1, "late")))
                .isEqualTo(FenceResult.OK);

        assertThat(c.dead()).isEmpty();
    }

    @Test
    void deadLetter_longReason_isShortened() {
        c.append(c.entry("a"));

        giveUp(c.lease(ONE), "x".repeat(100_000));

        assertThat(c.dead().get(0).reason()).isEqualTo("x".repeat(DeadLetters.REASON_CHARACTERS));
    }

    @Test
    void deadLetter_makesRoomForOthers() {
        for (int i = 0; i < c.messagesOfAShard(); i++) {
            c.append(c.entry("" + i));
        }
        Lease lease = c.lease(ONE);
        giveUp(lease, "no");

        c.append(c.entry("one more"));
        c.assertFull(c.outbox().append(c.entry("two more")));
    }

    @Test
    void deadLetter_moreThanThereIsRoomFor_theOldestAreDroppedAndCounted() {
        int most = c.deadLettersOfAShard();
        giveUp(IntStream.range(0, most + 3).mapToObj(i -> c.entry("" + i)).toArray(Entry[]::new));

        assertThat(OutboxContract.deadPayloads(c.dead()))
                .containsExactlyElementsOf(
                        IntStream.range(3, most + 3).mapToObj(String::valueOf).toList());
        assertThat(c.status().deadLetters()).isEqualTo(most);
        assertThat(c.status().droppedDeadLetters()).isEqualTo(3);
    }

    @Test
    void deadLetter_moreBytesThanThereIsRoomFor_theOldestAreDroppedAndCounted() {
        int size = c.bytesOfAShard() / 2 - 5;
        Entry second = c.entry("2" + "x".repeat(size));
        Entry third = c.entry("3");
        giveUp(c.entry("1" + "x".repeat(size)), second, third);

        assertThat(c.dead()).extracting(DeadLetter::entry).containsExactly(second, third);
        assertThat(c.status().droppedDeadLetters()).isOne();
        assertThat(c.status().deadLetterBytes()).isEqualTo(second.bytes() + third.bytes());
    }

    @Test
    void deadLetter_sameMessageAgain_isAnother() {
        Entry entry = c.entry("a");
        giveUp(entry, entry);

        assertThat(c.dead()).extracting(DeadLetter::entry).containsExactly(entry, entry);
        assertThat(c.dead()).extracting(DeadLetter::position).doesNotHaveDuplicates();
    }

    @Test
    void list_behindAPosition_theRest() {
        giveUp(c.entry("a"), c.entry("b"), c.entry("c"));
        long first = c.dead().get(0).position();

        assertThat(OutboxContract.deadPayloads(c.await(letters().list(SHARD, first, 1))))
                .containsExactly("b");
        assertThat(c.await(letters().list(SHARD + 1, 0, 10))).isEmpty();
    }

    @Test
    void remove_isGone_andSaysWhetherItWasThere() {
        Entry second = c.entry("b");
        giveUp(c.entry("a"), second);
        long first = c.dead().get(0).position();

        assertThat(c.await(letters().remove(SHARD, first))).isTrue();
        assertThat(c.await(letters().remove(SHARD, first))).isFalse();
        assertThat(c.await(letters().remove(SHARD + 1, first + 1))).isFalse();

        assertThat(OutboxContract.deadPayloads(c.dead())).containsExactly("b");
        assertThat(c.status().deadLetterBytes()).isEqualTo(second.bytes());
        assertThat(c.status().droppedDeadLetters()).isZero();
    }

    @Test
    void requeue_waitsAgainAtTheEndWithoutAttempts() {
        Entry entry = c.entry("a");
        giveUp(entry);
        c.append(c.entry("b"));
        long position = c.dead().get(0).position();

        assertThat(c.await(letters().requeue(SHARD, position))).isTrue();
        assertThat(c.await(letters().requeue(SHARD, position))).isFalse();

        List<Waiting> waiting = c.waiting(c.lease(ONE));
        assertThat(OutboxContract.payloads(waiting)).containsExactly("b", "a");
        assertThat(waiting.get(1).entry()).isEqualTo(entry);
        assertThat(waiting.get(1).attempts()).isZero();
        assertThat(c.dead()).isEmpty();
        assertThat(c.status().deadLetterBytes()).isZero();
        assertThat(c.status().bytes()).isEqualTo(2 * entry.bytes());
    }

    @Test
    void requeue_noRoom_failsAndStays() {
        giveUp(c.entry("a"));
        for (int i = 0; i < c.messagesOfAShard(); i++) {
            c.append(c.entry("" + i));
        }
        DeadLetter letter = c.dead().get(0);

        c.assertFull(letters().requeue(SHARD, letter.position()));

        assertThat(c.dead()).containsExactly(letter);
        assertThat(c.payloads()).hasSize(c.messagesOfAShard()).doesNotContain("a");
    }

    @Test
    void requeue_theSameMessageWaits_isThereOnce() {
        Entry entry = c.entry("a");
        giveUp(entry);
        c.append(entry);

        assertThat(c.await(letters().requeue(SHARD, c.dead().get(0).position())))
                .isTrue();

        assertThat(c.payloads()).containsExactly("a");
        assertThat(c.dead()).isEmpty();
    }

    @Test
    void requeue_givenUpAgain_isADeadLetterAgain() {
        giveUp(c.entry("a"));
        c.await(letters().requeue(SHARD, c.dead().get(0).position()));

        giveUp(c.lease(ONE), "again");

        assertThat(c.dead()).extracting(DeadLetter::reason).containsExactly("again");
    }
}
