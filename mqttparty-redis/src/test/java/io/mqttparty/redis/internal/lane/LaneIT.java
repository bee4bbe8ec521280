package io.mqttparty.redis.internal.lane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.resource.ClientResources;
import io.mqttparty.redis.fixture.CutRelay;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import io.netty.util.HashedWheelTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lanes against a real Redis. */
final class LaneIT {
    private static final LaneOptions OPTIONS =
            new LaneOptions(Duration.ofMillis(700).toNanos(), 1_000, 1 << 20, 0, 0);

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private RedisServer server;
    private RespClient control;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        control = server.client();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
        control.close();
        server.close();
    }

    private Lanes lanes(int port, LaneOptions options) {
        return lanes(RedisClient.create(), port, options);
    }

    private Lanes lanes(RedisClient client, int port, LaneOptions options) {
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        Lanes lanes = new Lanes(client, RedisURI.create("127.0.0.1", port), options, 1);
        lanes.open().toCompletableFuture().join();
        toClose.add(() -> lanes.close().toCompletableFuture().get(5, TimeUnit.SECONDS));
        toClose.add(() -> client.shutdown(0, 1, TimeUnit.SECONDS));
        return lanes;
    }

    private Lane lane() {
        return lanes(server.port(), OPTIONS).of(0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static CompletableFuture<Object> call(Lane lane, CommandType type, String... arguments) {
        byte[][] all = new byte[arguments.length][];
        for (int i = 0; i < all.length; i++) {
            all[i] = bytes(arguments[i]);
        }
        return Lanes.<Object>call(lane, type, reply -> reply, all).toCompletableFuture();
    }

    // ---- replies ----

    @Test
    void send_allKindsOfReplies_areRead() {
        Lane lane = lane();

        assertThat(Reply.text(call(lane, CommandType.SET, "k", "v").join())).isEqualTo("OK");
        assertThat(Reply.text(call(lane, CommandType.GET, "k").join())).isEqualTo("v");
        assertThat(call(lane, CommandType.GET, "none").join()).isNull();
        assertThat(Reply.number(call(lane, CommandType.APPEND, "k", "vw").join()))
                .isEqualTo(3);
        assertThat(Reply.list(call(lane, CommandType.HMGET, "none", "a", "b").join()))
                .containsExactly(null, null);
        call(lane, CommandType.HSET, "h", "f", "1").join();
        assertThat(Reply.list(call(lane, CommandType.HGETALL, "h").join())).hasSize(2);
        assertThat(Reply.list(call(lane, CommandType.KEYS, "nothing*").join())).isEmpty();
    }

    @Test
    void send_answered_noTimerKeepsTheCommand() {
        HashedWheelTimer timer = new HashedWheelTimer();
        ClientResources resources = ClientResources.builder().timer(timer).build();
        Lane lane = lanes(RedisClient.create(resources), server.port(), OPTIONS).of(0);
        toClose.add(() -> resources.shutdown(0, 1, TimeUnit.SECONDS).get());
        toClose.add(timer::stop);
        call(lane, CommandType.PING).join();
        long before = timer.pendingTimeouts();

        for (int i = 0; i < 100; i++) {
            call(lane, CommandType.PING).join();
        }

        assertThat(timer.pendingTimeouts()).isLessThanOrEqualTo(before);
    }

    @Test
    void send_refused_failsWithTheError() {
        Lane lane = lane();
        call(lane, CommandType.SET, "k", "text").join();

        assertThatThrownBy(() -> call(lane, CommandType.INCR, "k").join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RedisErrorException.class, e -> assertThat(e.is("ERR")).isTrue());
        assertThat(Reply.text(call(lane, CommandType.GET, "k").join())).isEqualTo("text");
    }

    @Test
    void send_handlerThrows_laneGoesOn() {
        Lane lane = lane();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        lane.send(CommandType.PING, new ReplyHandler() {
            @Override
            public void onReply(Object reply) {
                throw new IllegalStateException("planted");
            }

            @Override
            public void onFailure(Throwable cause) {
                failure.complete(cause);
            }
        });

        assertThat(failure.join()).hasMessage("planted");
        assertThat(Reply.text(call(lane, CommandType.PING).join())).isEqualTo("PONG");
    }

    // ---- order and batches ----

    @Test
    void send_manyFromManyThreads_eachThreadsOrderIsKept() throws InterruptedException {
        Lane lane = lane();
        int threads = 4;
        int each = 200;
        List<Thread> all = new ArrayList<>();
        ConcurrentLinkedQueue<CompletableFuture<Object>> replies = new ConcurrentLinkedQueue<>();
        for (int t = 0; t < threads; t++) {
            String name = "t" + t;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    replies.add(call(lane, CommandType.RPUSH, name, Integer.toString(i)));
                }
            });
            all.add(thread);
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        replies.forEach(CompletableFuture::join);

        for (int t = 0; t < threads; t++) {
            assertThat(Reply.list(
                            call(lane, CommandType.LRANGE, "t" + t, "0", "-1").join()))
                    .extracting(Reply::text)
                    .containsExactlyElementsOf(
                            IntStream.range(0, each).mapToObj(Integer::toString).toList());
        }
    }

    @Test
    void send_burst_leavesInFewBatches() {
        Lane lane = lane();
        call(lane, CommandType.PING).join();
        long before = reads();
        List<CompletableFuture<Object>> replies = new ArrayList<>();
        for (int i = 0; i < 800; i++) {
            replies.add(call(lane, CommandType.INCR, "n"));
        }
        replies.forEach(CompletableFuture::join);

        assertThat(Reply.number(call(lane, CommandType.GET, "n").join())).isEqualTo(800);
        assertThat(reads() - before).isLessThan(200);
    }

    private long reads() {
        return Long.parseLong(control.info("stats").get("total_reads_processed"));
    }

    // ---- scripts ----

    @Test
    void eval_unknownScript_isSentWithItsSource() {
        Lane lane = lane();
        call(lane, CommandType.PING)
                .join(); // behind the scripts that a new lane loads: "echo" too, where another test knows it
        Script script = Script.load(LaneIT.class, "echo");
        for (int i = 0; i < 2; i++) {
            control.send("SCRIPT", "FLUSH");
            List<Object> reply = Reply.list(Eval.of(script)
                    .key(bytes("key"))
                    .arg("ab")
                    .call(lane, r -> r)
                    .toCompletableFuture()
                    .join());

            assertThat(Reply.text(reply.get(0))).isEqualTo("key");
            assertThat(Reply.text(reply.get(1))).isEqualTo("abab");
            assertThat(Reply.number(reply.get(2))).isEqualTo(1);
            assertThat(Reply.list(reply.get(3))).hasSize(3).startsWith((Object) null);
        }
        assertThat(control.commandCalls().get("eval")).isEqualTo(2);
    }

    @Test
    void eval_keyAfterArgument_isRefused() {
        Eval eval = Eval.of(Script.load(LaneIT.class, "echo")).key(bytes("k")).arg("a");

        assertThatThrownBy(() -> eval.key(bytes("k2"))).isInstanceOf(IllegalStateException.class);
    }

    // ---- Redis that does not answer ----

    @Test
    void send_redisFrozen_failsInTimeThenAtOnceThenGoesOn() {
        Lane lane = lane();
        server.pause();
        long begin = System.nanoTime();
        assertThatThrownBy(() -> call(lane, CommandType.INCR, "n").join())
                .cause()
                .isInstanceOf(RedisUnavailableException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(600), Duration.ofSeconds(5));
        assertThat(lane.isOpen()).isTrue();
        assertThat(call(lane, CommandType.INCR, "n")).isCompletedExceptionally();

        server.resume();

        await().until(() -> !lane.isOpen());
        assertThat(Reply.text(call(lane, CommandType.PING).join())).isEqualTo("PONG");
    }

    @Test
    void send_redisKilledAndRestarted_goesOn() {
        Lane lane = lane();
        server.kill();
        await().until(lane::isOpen);
        assertThatThrownBy(() -> call(lane, CommandType.PING).join())
                .cause()
                .isInstanceOf(RedisUnavailableException.class);

        server.restart();
        control = server.client();

        await().until(() -> !lane.isOpen());
        assertThat(Reply.text(call(lane, CommandType.PING).join())).isEqualTo("PONG");
    }

    @Test
    void send_cutBeforeTheReply_isExecutedOnceOrTwiceAndAnsweredOnce() {
        try (CutRelay relay = CutRelay.to(server.port())) {
            Lane lane = lanes(relay.port(), OPTIONS).of(0);
            call(lane, CommandType.PING).join();
            relay.cutReply("RPUSH");
            List<Object> outcomes = new ArrayList<>();
            call(lane, CommandType.RPUSH, "list", "x")
                    .handle((reply, failure) -> outcomes.add(failure == null ? reply : failure))
                    .join();

            await().until(() -> !lane.isOpen());

            assertThat(outcomes).hasSize(1);
            assertThat(Reply.number(call(lane, CommandType.LLEN, "list").join()))
                    .isBetween(1L, 2L);
        }
    }

    @Test
    void send_beyondTheSoftLimit_isCongested_beyondTheHardOne_isRefused() {
        LaneOptions small = new LaneOptions(Duration.ofSeconds(20).toNanos(), 10, 1 << 20, 0, 0);
        Lane lane = lanes(server.port(), small).of(0);
        server.pause();
        List<CompletableFuture<Object>> replies = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            assertThat(lane.isCongested()).isFalse();
            replies.add(call(lane, CommandType.INCR, "n"));
        }
        assertThat(lane.isCongested()).isTrue();
        for (int i = 0; i < 30; i++) {
            replies.add(call(lane, CommandType.INCR, "n"));
        }

        assertThatThrownBy(() -> call(lane, CommandType.INCR, "n").join())
                .cause()
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("expected: at most 40");
        server.resume();
        replies.forEach(CompletableFuture::join);
        assertThat(lane.isCongested()).isFalse();
        assertThat(Reply.number(call(lane, CommandType.INCR, "n").join())).isEqualTo(41);
    }

    @Test
    void send_beyondTheByteLimit_isRefused() {
        LaneOptions small = new LaneOptions(Duration.ofSeconds(20).toNanos(), 1_000, 1_000, 0, 0);
        Lane lane = lanes(server.port(), small).of(0);
        server.pause();
        CompletableFuture<Object> big = call(lane, CommandType.SET, "k", "x".repeat(4_000));

        assertThat(lane.isCongested()).isTrue();
        assertThat(call(lane, CommandType.PING)).isCompletedExceptionally();
        server.resume();
        assertThat(Reply.text(big.join())).isEqualTo("OK");
    }

    // ---- replicas ----

    @Test
    void gating_noReplica_failsAndWithOneSucceeds() {
        LaneOptions replicated = new LaneOptions(Duration.ofSeconds(5).toNanos(), 1_000, 1 << 20, 1, 200);
        Lanes lanes = lanes(server.port(), replicated);

        assertThatThrownBy(
                        () -> call(lanes.gating(0), CommandType.SET, "k", "v").join())
                .cause()
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("0 replicas");
        assertThat(Reply.text(call(lanes.of(0), CommandType.SET, "k", "plain").join()))
                .isEqualTo("OK");

        try (RedisServer replica = RedisServer.builder().replicaOf(server).start()) {
            // One that is online may still load what it got, and say nothing for longer than a batch waits.
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(Reply.text(call(lanes.gating(0), CommandType.SET, "k", "v")
                                    .join()))
                            .isEqualTo("OK"));
            assertThat(replica.isRunning()).isTrue();
        }
    }

    // ---- the end ----

    @Test
    void close_underWay_fails() {
        Lanes lanes = lanes(server.port(), OPTIONS);
        server.pause();
        CompletableFuture<Object> reply = call(lanes.of(0), CommandType.PING);

        lanes.close();

        assertThatThrownBy(reply::join).cause().isInstanceOf(RedisUnavailableException.class);
        assertThat(call(lanes.of(0), CommandType.PING)).isCompletedExceptionally();
        server.resume();
    }
}
