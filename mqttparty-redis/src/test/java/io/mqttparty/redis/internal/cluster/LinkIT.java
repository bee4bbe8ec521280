package io.mqttparty.redis.internal.cluster;

import static io.mqttparty.redis.internal.cluster.TestProcess.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.redis.fixture.CutRelay;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bus between processes, and what goes wrong on the way. */
final class LinkIT {
    private static final ClientId CLIENT = ClientId.of("c");
    private static final SessionRef SESSION = new SessionRef(CLIENT, new Token("t"));

    private RedisServer server;
    private RespClient control;
    private CutRelay relay;
    private TestProcess near;
    private TestProcess far;
    private TestNode receiver;
    private TestNode sender;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        control = server.client();
        relay = CutRelay.to(server.port());
        near = TestProcess.open(server.port(), "p:");
        far = TestProcess.open(relay.port(), "p:");
        receiver = near.join("near");
        sender = far.join("far");
    }

    @AfterEach
    void stop() {
        far.close();
        near.close();
        relay.close();
        control.close();
        server.close();
    }

    private static BusRecord number(int i) {
        return new BusRecord.Kicked(CLIENT, i);
    }

    private static List<BusRecord> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(LinkIT::number).toList();
    }

    private String inbox() {
        return "p:n:{" + receiver.id() + "}:in";
    }

    private void eventually(Runnable assertion) {
        await().atMost(Duration.ofSeconds(15)).untilAsserted(assertion::run);
    }

    // ---- batches ----

    @Test
    void send_manyAtOnce_leaveInFewBatchesInOrder() {
        List<CompletionStage<Boolean>> sent = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            sent.add(far.bus().send(sender.id(), receiver.id(), number(i)));
        }

        sent.forEach(each -> assertThat(await(each)).isTrue());

        eventually(() -> assertThat(receiver.records()).isEqualTo(numbers(0, 5_000)));
        assertThat(far.cluster().counters().sent()).isEqualTo(5_000);
        assertThat(far.cluster().counters().batches()).isBetween(20L, 2_000L);
        assertThat(near.cluster().counters().received()).isEqualTo(5_000);
    }

    @Test
    void handedOver_inboxIsEmptySoon() {
        for (int i = 0; i < 100; i++) {
            far.send(sender, receiver.id(), number(i));
        }

        eventually(() -> assertThat(control.send("XLEN", inbox()).number()).isZero());
        assertThat(receiver.records()).isEqualTo(numbers(0, 100));
    }

    @Test
    void send_largePush_onlyWakesUp() {
        Message small = Message.of("t", "x".repeat(4_096), QoS.AT_LEAST_ONCE);
        Message large = small.withPayload(Payload.copyOf(new byte[4_097]));

        far.send(sender, receiver.id(), new BusRecord.Push(SESSION, 65_536, Optional.of(small)));
        far.send(sender, receiver.id(), new BusRecord.Push(SESSION, 65_537, Optional.of(large)));
        far.send(sender, receiver.id(), new BusRecord.Transmit(large));

        eventually(() -> assertThat(receiver.records())
                .containsExactly(
                        new BusRecord.Push(SESSION, 65_536, Optional.of(small)),
                        new BusRecord.Push(SESSION, 65_537, Optional.empty()),
                        new BusRecord.Transmit(large)));
    }

    // ---- twice, or never ----

    @Test
    void connectionCutAfterABatch_itGoesAgainAndIsTakenOnce() {
        for (int round = 0; round < 20; round++) {
            int first = round * 10;
            CompletableFuture<Void> cut = relay.cutReply("n:{" + receiver.id() + "}:in");
            List<CompletionStage<Boolean>> sent = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                sent.add(far.bus().send(sender.id(), receiver.id(), number(first + i)));
            }
            await(cut);
            eventually(() -> assertThat(receiver.records()).hasSize(first + 10));
        }

        assertThat(receiver.records()).isEqualTo(numbers(0, 200));
        assertThat(near.cluster().counters().duplicates()).isPositive();
        assertThat(receiver.gaps).hasValue(0);
    }

    @Test
    void connectionCutBeforeABatch_itGoesAgain() {
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Void> cut = relay.cutRequest("n:{" + receiver.id() + "}:in");
            var unused = far.bus().send(sender.id(), receiver.id(), number(i));
            await(cut);
            int count = i + 1;
            eventually(() -> assertThat(receiver.records()).hasSize(count));
        }

        assertThat(receiver.records()).isEqualTo(numbers(0, 20));
        assertThat(receiver.gaps).hasValue(0);
    }

    @Test
    void noAnswer_senderHearsAtOnceAndRecordsThatMatterArriveLater() {
        Message message = Message.of("t", "x", QoS.AT_LEAST_ONCE);
        relay.stall();
        CompletionStage<Boolean> first = far.bus().send(sender.id(), receiver.id(), number(0));
        assertThatThrownBy(() -> await(first)).hasMessageContaining("redis");

        CompletionStage<Boolean> refused = far.bus().send(sender.id(), receiver.id(), new BusRecord.Transmit(message));
        CompletionStage<Boolean> waits = far.bus().send(sender.id(), receiver.id(), number(1));
        assertThat(refused.toCompletableFuture()).isCompletedExceptionally();
        assertThat(waits.toCompletableFuture()).isCompletedExceptionally();
        relay.restore();

        eventually(() -> assertThat(receiver.records()).isEqualTo(numbers(0, 2)));
        eventually(() -> assertThat(await(far.bus().send(sender.id(), receiver.id(), new BusRecord.Transmit(message))))
                .isTrue());
        eventually(() -> assertThat(receiver.records()).contains(new BusRecord.Transmit(message)));
        assertThat(receiver.gaps).hasValue(0);
    }

    @Test // F22
    void entriesDeletedByOthers_receiverIsTold() {
        far.send(sender, receiver.id(), number(0));
        eventually(() -> assertThat(receiver.records()).hasSize(1));

        control.send(
                "EVAL",
                "redis.call('XADD', KEYS[1], '0-*', 'f', 'x', 'p', '') redis.call('XTRIM', KEYS[1], 'MAXLEN', 0)",
                "1",
                inbox());
        far.send(sender, receiver.id(), number(1));

        eventually(() -> assertThat(receiver.gaps).hasValue(1));
        assertThat(receiver.records()).isEqualTo(numbers(0, 2));
    }

    @Test // F22
    void counterIsMissing_receiverIsTold() {
        far.send(sender, receiver.id(), number(0));

        control.send("XADD", inbox(), "0-*", "f", sender.id().value(), "p", "", "l", "3");

        eventually(() -> assertThat(receiver.gaps).hasValue(1));
    }

    @Test
    void recordOfAnotherVersion_costsThatRecord() {
        control.send("XADD", inbox(), "0-*", "f", "other", "p", "\0\0\0\4\11xx");
        control.send("XADD", inbox(), "0-*", "f", "other", "p", "\0\0\0\11x");
        control.send("XADD", inbox(), "0-*", "q", "other");
        control.send("XADD", inbox(), "0-*", "f", "other", "p", "", "l", "no number");
        far.send(sender, receiver.id(), number(0));

        eventually(() -> assertThat(receiver.records()).isEqualTo(numbers(0, 1)));
        assertThat(near.cluster().counters().unreadable()).isEqualTo(4);
        assertThat(receiver.lease().isHeld()).isTrue();
    }

    @Test
    void handlerThrows_readingGoesOn() {
        TestNode broken = new TestNode(TestProcess.newId("broken"), near) {
            @Override
            public void onRecord(NodeId from, BusRecord record) {
                super.onRecord(from, record);
                throw new IllegalStateException("planted");
            }

            @Override
            public void onGap() {
                super.onGap();
                throw new IllegalStateException("planted");
            }
        };
        await(near.bus().join(broken.id(), broken));

        far.send(sender, broken.id(), number(0));
        control.send("XADD", "p:n:{" + broken.id() + "}:in", "0-*", "f", "other", "p", "", "l", "3");
        eventually(() -> assertThat(broken.gaps).hasValue(1));
        far.send(sender, broken.id(), number(1));

        eventually(() -> assertThat(broken.records()).isEqualTo(numbers(0, 2)));
    }

    // ---- too much ----

    /** A node whose inbox nobody reads. */
    private NodeId stuck() {
        NodeId id = TestProcess.newId("stuck");
        control.send("SET", "p:n:{" + id + "}", "x");
        control.send("ZADD", "p:nodes", "1", id.value());
        control.send("XADD", "p:n:{" + id + "}:in", "MAXLEN", "=", "0", "0-65535", "p", "");
        return id;
    }

    private void fill(NodeId node, int entries) {
        for (int i = 0; i < entries; i += 5_000) {
            append5000(node); // in steps, so that nothing times out meanwhile
        }
    }

    private void append5000(NodeId node) {
        control.send(
                "EVAL",
                "for i = 1, 5000 do redis.call('XADD', KEYS[1], '0-*', 'f', 'x', 'p', '') end",
                "1",
                "p:n:{" + node + "}:in");
    }

    @Test // F22
    void inboxIsDeep_sendersWait() {
        NodeId stuck = stuck();
        fill(stuck, InboxDepth.DEEP_ENTRIES);

        long start = System.nanoTime();
        CompletionStage<Boolean> held = far.bus().send(sender.id(), stuck, number(0));
        eventually(() -> assertThat(far.cluster().counters().held()).isEqualTo(1));
        assertThat(held.toCompletableFuture()).isNotDone();
        assertThat(await(held)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(3));

        CompletionStage<Boolean> released = far.bus().send(sender.id(), stuck, number(1));
        eventually(() -> assertThat(far.cluster().counters().held()).isEqualTo(2));
        control.send("XTRIM", "p:n:{" + stuck + "}:in", "MAXLEN", "0");
        assertThat(await(released)).isTrue();
    }

    @Test // F22
    void inboxIsFull_recordsAreRefusedAndTheReceiverWillNotice() {
        NodeId stuck = stuck();
        fill(stuck, InboxDepth.FULL_ENTRIES);
        assertThat(await(far.bus().send(sender.id(), stuck, number(0)))).isTrue();

        assertThatThrownBy(() -> await(far.bus().send(sender.id(), stuck, number(1))))
                .hasMessageContaining("wait for the node (expected: less than 100000 and 268435456)");
        assertThat(far.cluster().counters().refused()).isEqualTo(1);

        control.send("XTRIM", "p:n:{" + stuck + "}:in", "MAXLEN", "0");
        eventually(() ->
                assertThat(await(far.bus().send(sender.id(), stuck, number(2)))).isTrue());
        String counter = control.send("XREVRANGE", "p:n:{" + stuck + "}:in", "+", "-", "COUNT", "1")
                .list()
                .get(0)
                .list()
                .get(1)
                .texts()
                .get(5);
        assertThat(Integer.parseInt(counter)).isGreaterThan(2);
    }

    @Test
    void nothingLeaves_queueIsBounded() {
        relay.stall();
        List<CompletionStage<Boolean>> sent = new ArrayList<>();
        for (int i = 0; i < Link.MAX_WAITING + 100; i++) {
            sent.add(far.bus().send(sender.id(), receiver.id(), number(i)));
        }

        assertThat(far.cluster().counters().refused()).isBetween(1L, 100L);
        assertThat(far.bus().isCongested()).isTrue();
        relay.restore();
        eventually(() -> assertThat(receiver.records()).hasSizeBetween(Link.MAX_WAITING, Link.MAX_WAITING + 100));
        eventually(() -> assertThat(far.bus().isCongested()).isFalse());
        far.send(sender, receiver.id(), number(-1));
        eventually(() -> assertThat(receiver.gaps).hasValue(1));
    }

    // ---- gone ----

    @Test // F25
    void receiverIsGone_allThatWaitsIsAnsweredSo() {
        await(near.bus().leave(receiver.id()));
        List<CompletionStage<Boolean>> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add(far.bus().send(sender.id(), receiver.id(), number(i)));
        }

        sent.forEach(each -> assertThat(await(each)).isFalse());
        assertThat(control.send("EXISTS", inbox()).number()).isZero();
    }

    @Test
    void senderHasLeft_itsRecordsFail() {
        await(far.bus().leave(sender.id()));

        assertThatThrownBy(() -> await(far.bus().send(sender.id(), receiver.id(), number(0))))
                .hasMessageContaining("expected: a member of the cluster");
    }
}
