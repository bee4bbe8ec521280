package io.mqttparty.testkit.contract;

import static io.mqttparty.testkit.contract.OutboxContract.ONE;
import static io.mqttparty.testkit.contract.OutboxContract.SHARD;
import static io.mqttparty.testkit.contract.OutboxContract.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Outbox.Lease;
import io.mqttparty.spi.Outbox.ShardStatus;
import io.mqttparty.spi.Outbox.Waiting;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of messages that wait. */
abstract class OutboxDrainCases {
    private final OutboxContract c;

    OutboxDrainCases(OutboxContract contract) {
        this.c = contract;
    }

    @Test
    void read_anyPageSize_everythingOnceInOrder() {
        List<String> expected = IntStream.range(0, 50).mapToObj(i -> "m" + i).toList();
        expected.forEach(payload -> c.append(c.entry(payload)));
        Lease lease = c.lease(ONE);

        for (int size : new int[] {1, 7, 49, 50, 51}) {
            List<Waiting> all = c.waiting(lease, size);
            assertThat(OutboxContract.payloads(all)).as("by " + size).isEqualTo(expected);
            assertThat(all)
                    .extracting(Waiting::position)
                    .doesNotHaveDuplicates()
                    .isSorted();
        }
    }

    @Test
    void read_largeMessages_everythingOnceInOrder() {
        int size = c.bytesOfAShard() / 11;
        List<String> expected =
                IntStream.range(0, 10).mapToObj(i -> i + "x".repeat(size - 2)).toList();
        expected.forEach(payload -> c.append(c.entry(payload)));

        assertThat(OutboxContract.payloads(c.waiting(c.lease(ONE)))).isEqualTo(expected);
    }

    @Test
    void read_empty_isEmpty() {
        assertThat(c.waiting(c.lease(ONE))).isEmpty();
    }

    @Test
    void read_appendedMeanwhile_comesBehind() {
        c.append(c.entry("a"));
        Lease lease = c.lease(ONE);
        Waiting first = c.waiting(lease).get(0);
        c.append(c.entry("b"));

        assertThat(OutboxContract.payloads(
                        c.await(c.outbox().read(lease, first.position(), 10)).messages()))
                .containsExactly("b");
    }

    @Test
    void done_theseAreGone_theOthersStay() {
        c.append(c.entry("a"), c.entry("b"), c.entry("c"));
        Lease lease = c.lease(ONE);
        List<Waiting> waiting = c.waiting(lease);

        assertThat(c.await(c.outbox().done(lease, List.of(waiting.get(0), waiting.get(2)))))
                .isEqualTo(FenceResult.OK);

        assertThat(c.waiting(lease)).containsExactly(waiting.get(1));
    }

    @Test
    void done_repeated_hasNoFurtherEffect() {
        Entry entry = c.entry("a");
        c.append(entry, c.entry("b"));
        Lease lease = c.lease(ONE);
        List<Waiting> first = c.waiting(lease).subList(0, 1);
        c.await(c.outbox().done(lease, first));
        c.append(entry);

        assertThat(c.await(c.outbox().done(lease, first))).isEqualTo(FenceResult.OK);

        assertThat(OutboxContract.payloads(c.waiting(lease))).containsExactly("b", "a");
        assertThat(c.status().bytes()).isEqualTo(2 * entry.bytes());
        c.append(entry);
        assertThat(c.status().messages()).isEqualTo(2);
    }

    @Test
    void done_nothing_isOk() {
        assertThat(c.await(c.outbox().done(c.lease(ONE), List.of()))).isEqualTo(FenceResult.OK);
    }

    @Test
    void positions_afterEverythingIsGone_goOn() {
        c.append(c.entry("a"));
        Lease lease = c.lease(ONE);
        List<Waiting> first = c.waiting(lease);
        c.await(c.outbox().done(lease, first));
        c.append(c.entry("b"));

        assertThat(c.waiting(lease).get(0).position())
                .isGreaterThan(first.get(0).position());
    }

    @Test
    void failed_attemptsAreKeptOverLeases_andTheOrderStays() {
        c.append(c.entry("a"), c.entry("b"));
        Lease first = c.lease(ONE);
        Waiting message = c.waiting(first).get(0);

        assertThat(c.await(c.outbox().failed(first, message, 1))).isEqualTo(FenceResult.OK);
        assertThat(c.await(c.outbox().failed(first, message, 2))).isEqualTo(FenceResult.OK);
        c.await(c.outbox().release(first));

        assertThat(c.waiting(c.lease(TWO))).extracting(Waiting::attempts).containsExactly(2, 0);
        assertThat(OutboxContract.payloads(c.waiting(c.lease(TWO)))).containsExactly("a", "b");
    }

    @Test
    void failed_repeatedOrOlder_changesNothing() {
        c.append(c.entry("a"));
        Lease lease = c.lease(ONE);
        Waiting message = c.waiting(lease).get(0);

        c.await(c.outbox().failed(lease, message, 12));
        c.await(c.outbox().failed(lease, message, 12));
        c.await(c.outbox().failed(lease, message, 2));

        assertThat(c.waiting(lease)).extracting(Waiting::attempts).containsExactly(12);
    }

    @Test
    void failed_afterDone_bringsNothingBack() {
        Entry entry = c.entry("a");
        c.append(entry);
        Lease lease = c.lease(ONE);
        List<Waiting> waiting = c.waiting(lease);
        c.await(c.outbox().done(lease, waiting));

        assertThat(c.await(c.outbox().failed(lease, waiting.get(0), 1))).isEqualTo(FenceResult.OK);

        assertThat(c.waiting(lease)).isEmpty();
        c.append(entry);
        assertThat(c.waiting(lease)).extracting(Waiting::attempts).containsExactly(0);
    }

    @Test
    void failed_ofAnEarlierAppend_doesNotCountForTheLaterOne() {
        Entry entry = c.entry("a");
        c.append(entry);
        Lease lease = c.lease(ONE);
        Waiting earlier = c.waiting(lease).get(0);
        c.await(c.outbox().done(lease, List.of(earlier)));
        c.append(entry);

        c.await(c.outbox().failed(lease, earlier, 5));

        assertThat(c.waiting(lease)).extracting(Waiting::attempts).containsExactly(0);
    }

    @Test
    void status_tellsHowFullAShardIs() {
        assertThat(c.status()).isEqualTo(new ShardStatus(SHARD, 0, 0, 0, 0, 0, 0, Optional.empty()));
        Entry first = c.entry("aa");
        Entry second = c.entry("b");
        c.append(first, second);

        assertThat(c.status())
                .isEqualTo(new ShardStatus(
                        SHARD, 2, first.bytes() + second.bytes(), first.receivedMillis(), 0, 0, 0, Optional.empty()));
        Lease lease = c.lease(ONE);
        c.await(c.outbox().deadLetter(lease, c.waiting(lease).get(0), 1, "no"));

        assertThat(c.status())
                .isEqualTo(new ShardStatus(
                        SHARD, 1, second.bytes(), second.receivedMillis(), 1, first.bytes(), 0, Optional.of(ONE)));
    }
}
