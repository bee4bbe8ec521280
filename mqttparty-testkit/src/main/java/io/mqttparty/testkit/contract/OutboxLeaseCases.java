package io.mqttparty.testkit.contract;

import static io.mqttparty.testkit.contract.OutboxContract.ONE;
import static io.mqttparty.testkit.contract.OutboxContract.SHARD;
import static io.mqttparty.testkit.contract.OutboxContract.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Outbox.Lease;
import io.mqttparty.spi.Outbox.Page;
import io.mqttparty.spi.Outbox.Waiting;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who may drain a shard. */
abstract class OutboxLeaseCases {
    private final OutboxContract c;

    OutboxLeaseCases(OutboxContract contract) {
        this.c = contract;
    }

    private Optional<Lease> ask(Token holder) {
        return c.await(c.outbox().lease(SHARD, holder, c.leaseTime()));
    }

    @Test
    void lease_free_isGiven() {
        Lease lease = c.lease(ONE);

        assertThat(lease.shard()).isEqualTo(SHARD);
        assertThat(lease.holder()).isEqualTo(ONE);
        assertThat(c.status().drainedBy()).contains(ONE);
    }

    @Test
    void lease_heldByAnother_isRefusedAndItsOwnerKeepsIt() {
        Lease lease = c.lease(ONE);

        assertThat(ask(TWO)).isEmpty();
        assertThat(c.await(c.outbox().read(lease, 0, 1)).result()).isEqualTo(FenceResult.OK);
        assertThat(c.status().drainedBy()).contains(ONE);
    }

    @Test
    void lease_repeated_isTheSame() {
        Lease lease = c.lease(ONE);

        assertThat(c.lease(ONE)).isEqualTo(lease);
    }

    @Test
    void lease_otherShard_isAnother() {
        c.lease(ONE);

        assertThat(c.await(c.outbox().lease(SHARD + 1, TWO, c.leaseTime())))
                .map(Lease::shard)
                .contains(SHARD + 1);
    }

    @Test
    void lease_timeIsOver_anotherGetsItWithAHigherEpoch() {
        Lease first = c.lease(ONE);
        c.elapse(c.leaseTime());

        assertThat(c.status().drainedBy()).isEmpty();
        Lease second = c.lease(TWO);

        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertThat(ask(ONE)).isEmpty();
    }

    @Test
    void lease_prolonged_holdsFromThen() {
        Lease lease = c.lease(ONE);
        c.elapse(c.leaseTime().dividedBy(2));
        c.lease(ONE);
        c.elapse(c.leaseTime().dividedBy(2));

        assertThat(ask(TWO)).isEmpty();
        assertThat(c.lease(ONE)).isEqualTo(lease);
    }

    @Test
    void lease_overButNotTaken_stillServesAndCanBeProlonged() {
        c.append(c.entry("a"));
        Lease lease = c.lease(ONE);
        List<Waiting> waiting = c.waiting(lease);
        c.elapse(c.leaseTime());

        assertThat(c.await(c.outbox().done(lease, waiting))).isEqualTo(FenceResult.OK);
        assertThat(c.lease(ONE)).isEqualTo(lease);
        assertThat(ask(TWO)).isEmpty();
    }

    @Test
    void release_anotherGetsItAtOnce() {
        Lease first = c.lease(ONE);

        assertThat(c.await(c.outbox().release(first))).isEqualTo(FenceResult.OK);
        assertThat(c.status().drainedBy()).isEmpty();

        assertThat(c.lease(TWO).epoch()).isGreaterThan(first.epoch());
    }

    @Test
    void release_repeated_isStale() {
        Lease lease = c.lease(ONE);
        c.await(c.outbox().release(lease));

        assertThat(c.await(c.outbox().release(lease))).isEqualTo(FenceResult.STALE);
    }

    @Test
    void release_thenTheSameHolderAgain_theOldLeaseStaysStale() {
        Lease first = c.lease(ONE);
        c.await(c.outbox().release(first));
        Lease second = c.lease(ONE);

        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertThat(c.await(c.outbox().read(first, 0, 1)).result()).isEqualTo(FenceResult.STALE);
        assertThat(c.await(c.outbox().release(first))).isEqualTo(FenceResult.STALE);
        assertThat(c.status().drainedBy()).contains(ONE);
    }

    @Test
    void lease_askedByMany_oneGetsIt() {
        List<Optional<Lease>> answers = Race.of(8, thread -> ask(new Token("node-" + thread)));

        assertThat(answers).filteredOn(Optional::isPresent).hasSize(1);
    }

    // ---- who drains ----

    private List<Token> drainers(Token drainer, Duration time) {
        return c.await(c.outbox().drainers(drainer, time));
    }

    @Test
    void drainers_each_isOnTheListInOrder() {
        assertThat(drainers(TWO, c.leaseTime())).containsExactly(TWO);
        assertThat(drainers(ONE, c.leaseTime())).containsExactly(ONE, TWO);
        assertThat(drainers(TWO, c.leaseTime())).containsExactly(ONE, TWO);
    }

    @Test
    void drainers_timeIsOver_isOnItNoMore() {
        drainers(ONE, c.leaseTime());
        c.elapse(c.leaseTime().dividedBy(2));
        drainers(TWO, c.leaseTime());
        c.elapse(c.leaseTime().dividedBy(2));

        assertThat(drainers(TWO, c.leaseTime())).containsExactly(TWO);
    }

    @Test
    void drainers_saidAgain_countsFromThen() {
        drainers(ONE, c.leaseTime());
        c.elapse(c.leaseTime().dividedBy(2));
        drainers(ONE, c.leaseTime());
        c.elapse(c.leaseTime().dividedBy(2));

        assertThat(drainers(TWO, c.leaseTime())).containsExactly(ONE, TWO);
    }

    @Test
    void drainers_noTime_leaves() {
        drainers(ONE, c.leaseTime());
        drainers(TWO, c.leaseTime());

        assertThat(drainers(ONE, Duration.ZERO)).containsExactly(TWO);
        assertThat(drainers(TWO, Duration.ZERO)).isEmpty();
    }

    @Test
    void drainers_andLeases_areTwoThings() {
        drainers(ONE, c.leaseTime());

        assertThat(c.lease(TWO).holder()).isEqualTo(TWO);
        assertThat(c.status().drainedBy()).contains(TWO);
    }

    @Test
    void stale_everyChange_isRefusedAndHasNoEffect() {
        c.append(c.entry("a"), c.entry("b"));
        Lease old = c.lease(ONE);
        List<Waiting> waiting = c.waiting(old);
        c.elapse(c.leaseTime());
        Lease now = c.lease(TWO);

        assertThat(c.await(c.outbox().read(old, 0, 10))).isEqualTo(new Page(FenceResult.STALE, List.of()));
        assertThat(c.await(c.outbox().done(old, waiting))).isEqualTo(FenceResult.STALE);
        assertThat(c.await(c.outbox().failed(old, waiting.get(0), 1))).isEqualTo(FenceResult.STALE);
        assertThat(c.await(c.outbox().deadLetter(old, waiting.get(0), 1, "gone")))
                .isEqualTo(FenceResult.STALE);
        assertThat(c.await(c.outbox().release(old))).isEqualTo(FenceResult.STALE);

        assertThat(c.waiting(now)).isEqualTo(waiting);
        assertThat(c.dead()).isEmpty();
        assertThat(c.status().drainedBy()).contains(TWO);
    }

    @Test
    void stale_sameHolderWithAnOldEpoch_isRefused() {
        c.append(c.entry("a"));
        Lease old = c.lease(ONE);
        List<Waiting> waiting = c.waiting(old);
        c.elapse(c.leaseTime());
        c.await(c.outbox().release(c.lease(TWO)));
        c.lease(ONE);

        assertThat(c.await(c.outbox().done(old, waiting))).isEqualTo(FenceResult.STALE);
        assertThat(c.waiting(c.lease(ONE))).isEqualTo(waiting);
    }
}
