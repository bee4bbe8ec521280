package io.mqttparty.testkit.contract;

import static io.mqttparty.testkit.contract.BackendContract.leg;
import static io.mqttparty.testkit.contract.BackendContract.message;
import static io.mqttparty.testkit.contract.BackendContract.payloads;
import static io.mqttparty.testkit.contract.BackendContract.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The queue of a session: numbers, limits, and what never reaches another incarnation. */
abstract class QueueCases {
    private static final long FIRST = SessionStore.FIRST_SEQ;

    private final BackendContract c;

    QueueCases(BackendContract contract) {
        this.c = contract;
    }

    // ---- numbers ----

    @Test // F24
    @Tag("MQTT-2.3.1-4")
    void enqueue_newSession_numbersFromTheFirstPacketId() {
        Attached a = c.offline("a");

        c.enqueueAll(a, "m1", "m2", "m3");

        assertThat(seqs(c.queue(a))).containsExactly(FIRST, FIRST + 1, FIRST + 2);
        assertThat(SessionStore.packetId(FIRST)).isEqualTo(1);
    }

    @Test
    void packetId_afterTheHighest_isOneAgain() {
        assertThat(SessionStore.packetId(FIRST + 65_534)).isEqualTo(65_535);
        assertThat(SessionStore.packetId(FIRST + 65_535)).isEqualTo(1);
    }

    @Test
    @Tag("MQTT-3.1.2-5")
    @Tag("MQTT-4.5.0-1")
    void enqueue_offlineSession_keepsTheMessageAsItIs() {
        Attached a = c.offline("a");
        Message sent = new Message(
                message("x").topic(),
                Payload.copyOf(new byte[] {0, -1, 127, -128}),
                QoS.EXACTLY_ONCE,
                false,
                4_102_444_800_000L,
                message("x").properties());

        c.enqueue(sent, leg(a));

        assertThat(c.queue(a)).containsExactly(new Queued(FIRST, sent));
    }

    @Test
    @Tag("MQTT-3.8.4-6")
    void enqueue_anyGrant_storesTheLowerQos() {
        Attached a = c.offline("a");
        List<QoS> stored = new ArrayList<>();
        for (QoS published : List.of(QoS.AT_LEAST_ONCE, QoS.EXACTLY_ONCE)) {
            for (QoS grant : List.of(QoS.AT_LEAST_ONCE, QoS.EXACTLY_ONCE)) {
                c.enqueue(message("m").withQos(published), leg(a, grant));
                stored.add(published.min(grant));
            }
        }

        assertThat(c.queue(a)).extracting(each -> each.message().qos()).containsExactlyElementsOf(stored);
    }

    @Test
    void enqueue_severalLegs_answersEachOnce() {
        Attached a = c.offline("a");
        Attached b = c.offline("b");
        c.enqueueAll(b, "earlier");
        Attached gone = c.connect("gone").attach();
        c.connect("gone").clean().attach();

        List<Enqueued> answers = c.enqueue(message("m"), leg(a), leg(gone), leg(b));

        assertThat(answers)
                .extracting(Enqueued::seq)
                .satisfiesExactly(
                        seq -> assertThat(seq).isEqualTo(FIRST),
                        seq -> assertThat(seq).isNegative(),
                        seq -> assertThat(seq).isEqualTo(FIRST + 1));
        assertThat(payloads(c.queue(a))).containsExactly("m");
        assertThat(payloads(c.queue(b))).containsExactly("earlier", "m");
    }

    @Test
    void enqueue_noLeg_doesNothing() {
        assertThat(c.enqueue(message("m"))).isEmpty();
    }

    @Test
    void enqueue_toOnlineSession_namesItsOwner() {
        Attached a = c.connect("a").at(c.node2()).attach();

        assertThat(c.enqueue(message("m"), leg(a)).get(0).owner())
                .isEqualTo(new Owner(Optional.of(c.node2().id()), a.fence().epoch()));
    }

    @Test
    void enqueue_toOfflineSession_namesNoNode() {
        Attached a = c.offline("a");

        assertThat(c.enqueue(message("m"), leg(a)).get(0).owner().isOnline()).isFalse();
    }

    @Test
    @Tag("MQTT-4.6.0-6")
    void enqueue_manyThreads_numbersHaveNoGapAndNothingIsLost() {
        int threads = 4;
        int each = BackendContract.QUEUE_MESSAGES / threads;
        for (int round = 0; round < 25; round++) {
            Attached a = c.offline("a" + round);

            Race.of(threads, thread -> {
                List<EnqueueProbe> probes = new ArrayList<>();
                for (int i = 0; i < each; i++) {
                    EnqueueProbe probe = new EnqueueProbe(1);
                    c.sessions().enqueue(message(thread + "." + i), List.of(leg(a)), probe);
                    probes.add(probe);
                }
                probes.forEach(probe -> c.await(probe.done()));
                return true;
            });

            List<Queued> queue = c.queue(a);
            assertThat(seqs(queue))
                    .containsExactlyElementsOf(LongStream.range(FIRST, FIRST + (long) threads * each)
                            .boxed()
                            .toList());
            for (int thread = 0; thread < threads; thread++) {
                String prefix = thread + ".";
                assertThat(payloads(queue).stream().filter(payload -> payload.startsWith(prefix)))
                        .containsExactlyElementsOf(IntStream.range(0, each)
                                .mapToObj(i -> prefix + i)
                                .toList());
            }
        }
    }

    // ---- sessions that are gone ----

    @Test // F24
    void enqueue_earlierIncarnation_isGoneAndTheNewQueueUntouched() {
        Attached old = c.offline("a");
        c.enqueueAll(old, "m1");
        c.connect("a").transientSession().attach();
        Attached fresh = c.connect("a").attach();

        assertThat(c.enqueue(message("late"), leg(old)).get(0).seq()).isNegative();

        assertThat(c.queue(fresh)).isEmpty();
        c.enqueueAll(fresh, "new");
        assertThat(seqs(c.queue(fresh))).containsExactly(FIRST);
    }

    @Test // F24
    void acknowledge_earlierIncarnation_leavesTheNewQueue() {
        Attached old = c.offline("a");
        c.enqueueAll(old, "m1");
        Attached fresh = c.connect("a").clean().attach();
        c.enqueueAll(fresh, "new");

        c.sessions().acknowledge(old.session(), new long[] {FIRST});
        c.sessions().withdraw(old.session(), new long[] {FIRST});

        c.enqueueAll(fresh, "newer");
        assertThat(payloads(c.queue(fresh))).containsExactly("new", "newer");
        assertThat(c.queue(old)).isEmpty();
    }

    @Test
    void enqueue_unknownClient_isGone() {
        Attached never = c.connect("a").transientSession().attach();
        c.await(c.sessions().detach(never.fence(), Detach.CLEAN, 0));

        assertThat(c.enqueue(message("m"), leg(never)).get(0))
                .satisfies(answer -> assertThat(answer.seq()).isNegative())
                .satisfies(answer -> assertThat(answer.owner().isOnline()).isFalse());
    }

    @Test
    void enqueue_transientSession_isGone() {
        Attached a = c.connect("a").transientSession().attach();

        assertThat(c.enqueue(message("m"), leg(a)).get(0).seq()).isNegative();
        assertThat(c.queue(a)).isEmpty();
    }

    // ---- reading ----

    @Test
    void read_afterANumber_startsBehindIt() {
        Attached a = c.offline("a");
        c.enqueueAll(a, "m1", "m2", "m3", "m4");

        assertThat(payloads(c.await(c.sessions().read(a.session(), FIRST, 2)))).containsExactly("m2", "m3");
        assertThat(payloads(c.await(c.sessions().read(a.session(), FIRST + 2, 9))))
                .containsExactly("m4");
        assertThat(c.await(c.sessions().read(a.session(), FIRST + 3, 9))).isEmpty();
        assertThat(payloads(c.await(c.sessions().read(a.session(), 0, 1)))).containsExactly("m1");
    }

    @Test
    void read_again_changesNothing() {
        Attached a = c.offline("a");
        c.enqueueAll(a, "m1");

        assertThat(c.queue(a)).isEqualTo(c.queue(a)).hasSize(1);
    }

    // ---- acknowledgements ----

    @Test
    @Tag("MQTT-4.3.2-1")
    void acknowledge_outOfOrder_removesJustThose() {
        Attached a = c.connect("a").attach();
        c.enqueueAll(a, "m1", "m2", "m3", "m4");

        c.sessions().acknowledge(a.session(), new long[] {FIRST + 2, FIRST});

        c.eventually(() -> assertThat(seqs(c.queue(a))).containsExactly(FIRST + 1, FIRST + 3));
        c.sessions().acknowledge(a.session(), new long[] {FIRST + 1, FIRST + 3});
        c.eventually(() -> assertThat(c.queue(a)).isEmpty());
    }

    @Test
    void acknowledge_repeatedOrUnknown_changesNothing() {
        Attached a = c.connect("a").attach();
        c.enqueueAll(a, "m1", "m2");

        c.sessions().acknowledge(a.session(), new long[] {FIRST});
        c.sessions().acknowledge(a.session(), new long[] {FIRST, 0, 7, FIRST + 99});

        c.eventually(() -> assertThat(payloads(c.queue(a))).containsExactly("m2"));
        c.enqueueAll(a, "m3");
        assertThat(seqs(c.queue(a))).containsExactly(FIRST + 1, FIRST + 2);
    }

    @Test
    void acknowledge_ofSupersededConnection_counts() {
        Attached a = c.connect("a").attach();
        c.enqueueAll(a, "m1");
        c.connect("a").at(c.node2()).attach();

        c.sessions().acknowledge(a.session(), new long[] {FIRST});

        c.eventually(() -> assertThat(c.queue(a)).isEmpty());
    }

    @Test // F18
    void withdraw_some_removesThemAndLeavesGaps() {
        Attached a = c.offline("a");
        c.enqueueAll(a, "m1", "m2", "m3");

        c.sessions().withdraw(a.session(), new long[] {FIRST + 1, FIRST + 2});
        c.sessions().withdraw(a.session(), new long[] {FIRST + 1, FIRST + 2});

        c.eventually(() -> assertThat(payloads(c.queue(a))).containsExactly("m1"));
        c.enqueueAll(a, "m4");
        assertThat(seqs(c.queue(a))).containsExactly(FIRST, FIRST + 3);
    }

    @Test // F4
    void enqueue_afterWatermark_tellsHowFarTheClientIs() {
        Attached a = c.connect("a").attach();
        c.enqueueAll(a, "m1", "m2", "m3");
        assertThat(c.enqueue(message("m4"), leg(a)).get(0).acknowledgedUpTo()).isEqualTo(FIRST - 1);

        c.sessions().acknowledge(a.session(), new long[] {FIRST, FIRST + 1});
        c.await(c.sessions().watermark(a.fence(), FIRST + 2, FIRST + 1));
        c.await(c.sessions().watermark(a.fence(), FIRST + 2, FIRST + 1));

        assertThat(c.enqueue(message("m5"), leg(a)).get(0).acknowledgedUpTo()).isEqualTo(FIRST + 1);
        assertThat(c.await(c.sessions().positions(List.of(a.session()))))
                .containsExactly(new Position(a.session(), a.fence().epoch(), FIRST + 4, FIRST + 1));
    }

    // ---- after the store has lost its end ----

    @Test
    void renumber_behindWhatWasSent_keepsTheMessagesUnderNumbersAboveAnyInUse() {
        Attached a = c.connect("a").attach();
        c.enqueueAll(a, "m1", "m2", "m3");
        c.sessions().acknowledge(a.session(), new long[] {FIRST + 1});
        c.eventually(() -> assertThat(c.queue(a)).hasSize(2));
        long sentUpTo = FIRST + 9;

        assertThat(c.await(c.sessions().renumber(a.fence(), sentUpTo))).isEqualTo(FenceResult.OK);
        List<Long> numbers = seqs(c.queue(a));
        assertThat(c.await(c.sessions().renumber(a.fence(), sentUpTo))).isEqualTo(FenceResult.OK);

        assertThat(payloads(c.queue(a))).containsExactly("m1", "m3");
        assertThat(seqs(c.queue(a))).isEqualTo(numbers).isSorted().allMatch(seq -> seq > sentUpTo + 65_535);
        assertThat(c.enqueue(message("m4"), leg(a)).get(0).seq()).isEqualTo(numbers.get(1) + 1);
    }

    @Test
    void renumber_emptyQueue_nextNumberIsAboveAnyInUse() {
        Attached a = c.connect("a").attach();

        assertThat(c.await(c.sessions().renumber(a.fence(), FIRST))).isEqualTo(FenceResult.OK);

        assertThat(c.enqueue(message("m"), leg(a)).get(0).seq()).isGreaterThan(FIRST + 65_535);
    }

    @Test
    void renumber_nothingLostOrStale_changesNothing() {
        Attached before = c.connect("a").attach();
        Attached a = c.connect("a").attach();
        c.enqueueAll(a, "m1", "m2");

        assertThat(c.await(c.sessions().renumber(a.fence(), FIRST + 1))).isEqualTo(FenceResult.OK);
        assertThat(c.await(c.sessions().renumber(before.fence(), FIRST + 9))).isEqualTo(FenceResult.STALE);

        assertThat(seqs(c.queue(a))).containsExactly(FIRST, FIRST + 1);
    }

    // ---- limits ----

    @Test
    void enqueue_overTheMessageLimit_dropsTheOldest() {
        int limit = BackendContract.QUEUE_MESSAGES;
        int most = limit + c.overshoot();
        Attached a = c.offline("a");
        int sent = most + 50;
        for (int i = 0; i < sent; i++) {
            c.enqueue(message("m" + i), leg(a));
        }

        List<Queued> queue = c.queue(a);

        assertThat(queue).hasSizeBetween(limit, most);
        assertThat(seqs(queue))
                .containsExactlyElementsOf(LongStream.range(FIRST + sent - queue.size(), FIRST + sent)
                        .boxed()
                        .toList());
        assertThat(c.connect("a").attach().lastSeq()).isEqualTo(FIRST + sent - 1);
    }

    @Test
    void enqueue_overTheByteLimit_dropsTheOldest() {
        Attached a = c.offline("a");
        int size = (int) BackendContract.QUEUE_BYTES / 16;
        Payload payload = Payload.copyOf(new byte[size]);
        int sent = BackendContract.QUEUE_MESSAGES - 1;
        for (int i = 0; i < sent; i++) {
            c.enqueue(message("m").withPayload(payload), leg(a));
        }

        List<Queued> queue = c.queue(a);

        long most = BackendContract.QUEUE_BYTES + (long) c.overshoot() * size;
        assertThat((long) queue.size() * size).isBetween(1L, most);
        assertThat(queue.get(queue.size() - 1).seq()).isEqualTo(FIRST + sent - 1);
    }

    @Test
    void enqueue_afterAcknowledging_dropsNothing() {
        Attached a = c.connect("a").attach();
        Leg leg = leg(a);
        for (int i = 0; i < BackendContract.QUEUE_MESSAGES * 3; i++) {
            long seq = c.enqueue(message("m" + i), leg).get(0).seq();
            assertThat(seq).isEqualTo(FIRST + i);
            assertThat(seqs(c.await(c.sessions().read(a.session(), seq - 1, 1))))
                    .containsExactly(seq);
            c.sessions().acknowledge(a.session(), new long[] {seq});
        }

        c.eventually(() -> assertThat(c.queue(a)).isEmpty());
    }
}
