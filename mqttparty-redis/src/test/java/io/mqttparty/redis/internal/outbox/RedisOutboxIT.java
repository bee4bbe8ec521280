package io.mqttparty.redis.internal.outbox;

import static io.mqttparty.redis.TestRedis.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.redis.RedisBackend;
import io.mqttparty.redis.fixture.CutRelay;
import io.mqttparty.redis.fixture.Fsync;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import io.mqttparty.spi.DeadLetters.DeadLetter;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Outbox.Lease;
import io.mqttparty.spi.Outbox.Page;
import io.mqttparty.spi.Outbox.ShardStatus;
import io.mqttparty.spi.Outbox.Waiting;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The outbox when Redis fails: what the contract cannot ask for. */
final class RedisOutboxIT {
    private static final ClientId CLIENT = ClientId.of("client");
    private static final Token HOLDER = new Token("one.00000001-1");
    private static final Duration LONG = Duration.ofMinutes(1);

    private final RedisServer server =
            RedisServer.builder().appendOnly(Fsync.ALWAYS).start();
    private final CutRelay relay = CutRelay.to(server.port());
    private final RedisBackend backend = RedisBackend.builder()
            .uri("redis://127.0.0.1:" + relay.port())
            .limits(Limits.DEFAULTS.withOutboxMessages(1_600))
            .build();
    private final Outbox outbox = started(backend).outbox();
    private final int shard = outbox.shardOf(CLIENT);
    private int ids;

    private static RedisBackend started(RedisBackend backend) {
        await(backend.start());
        return backend;
    }

    @AfterEach
    void close() {
        backend.close();
        relay.close();
        server.close();
    }

    // ---- an unknown outcome ----

    @Test
    void append_replyLost_repeated_isThereOnce() {
        Entry entry = entry("a");

        twice(() -> outbox.append(entry));

        assertThat(payloads(lease())).containsExactly("a");
        assertThat(status().bytes()).isEqualTo(entry.bytes());
    }

    @Test
    void lease_replyLost_repeated_isTheSame() {
        twice(() -> outbox.lease(shard, HOLDER, LONG));

        assertThat(status().drainedBy()).contains(HOLDER);
        assertThat(await(outbox.lease(shard, new Token("two.00000002-1"), LONG)))
                .isEmpty();
    }

    @Test
    void done_replyLost_repeated_theOthersStay() {
        append("a", "b", "c");
        Lease lease = lease();
        List<Waiting> first = waiting(lease).subList(0, 2);

        twice(() -> outbox.done(lease, first));

        assertThat(payloads(lease)).containsExactly("c");
        assertThat(status().bytes()).isEqualTo(first.get(0).entry().bytes());
    }

    @Test
    void failed_replyLost_repeated_countsOnce() {
        append("a");
        Lease lease = lease();
        Waiting first = waiting(lease).get(0);

        twice(() -> outbox.failed(lease, first, 1));

        assertThat(waiting(lease)).extracting(Waiting::attempts).containsExactly(1);
    }

    @Test
    void deadLetter_replyLost_repeated_isThereOnce() {
        append("a", "b");
        Lease lease = lease();
        Waiting first = waiting(lease).get(0);

        twice(() -> outbox.deadLetter(lease, first, 5, "no"));

        assertThat(payloads(lease)).containsExactly("b");
        assertThat(letters()).extracting(DeadLetter::entry).containsExactly(first.entry());
        assertThat(status().deadLetterBytes()).isEqualTo(first.entry().bytes());
        assertThat(status().bytes()).isEqualTo(first.entry().bytes());
    }

    @Test
    void requeueAndRemove_replyLost_repeated_sameAsOnce() {
        append("a", "b");
        Lease lease = lease();
        waiting(lease).forEach(each -> await(outbox.deadLetter(lease, each, 5, "no")));
        List<DeadLetter> letters = letters();

        twice(() -> outbox.deadLetters().requeue(shard, letters.get(0).position()));
        twice(() -> outbox.deadLetters().remove(shard, letters.get(1).position()));

        assertThat(payloads(lease)).containsExactly("a");
        assertThat(letters()).isEmpty();
        assertThat(status().deadLetterBytes()).isZero();
        assertThat(status().bytes()).isEqualTo(letters.get(0).entry().bytes());
    }

    @Test
    void release_replyLost_repeated_isFree() {
        Lease lease = lease();

        twice(() -> outbox.release(lease));

        assertThat(status().drainedBy()).isEmpty();
    }

    /** Executes a change whose answer is lost, and then once more. */
    private void twice(Supplier<CompletionStage<?>> change) {
        CompletionStage<Void> executed = relay.cutReply("up:{" + shard + "}");
        CompletionStage<?> first = change.get();
        await(executed);
        assertThatThrownBy(() -> await(first)).hasMessageContaining("redis: ");
        awaitRedis();
        await(change.get());
    }

    private void awaitRedis() {
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> !await(outbox.status()).isEmpty());
    }

    // ---- what Redis does ----

    @Test
    void redisKilled_restarted_everythingIsThere() {
        append("a", "b", "c");
        Lease lease = lease();
        Waiting first = waiting(lease).get(0);
        await(outbox.failed(lease, first, 3));
        await(outbox.deadLetter(lease, waiting(lease).get(1), 1, "no"));
        server.kill();
        server.restart();
        awaitRedis();

        assertThat(payloads(lease)).containsExactly("a", "c");
        assertThat(waiting(lease)).extracting(Waiting::attempts).containsExactly(3, 0);
        assertThat(letters()).hasSize(1);
        assertThat(await(outbox.done(lease, waiting(lease)))).isEqualTo(FenceResult.OK);
    }

    @Test
    void redisLostEverything_leaseIsStale_theNextOneIsHigher() {
        append("a");
        Lease lease = lease();
        control("FLUSHALL");

        assertThat(await(outbox.read(lease, 0, 10)).result()).isEqualTo(FenceResult.STALE);
        assertThat(lease().epoch()).isGreaterThan(lease.epoch());
    }

    @Test
    void redisForgotTheScripts_goesOn() {
        append("a");
        control("SCRIPT", "FLUSH");

        append("b");

        assertThat(payloads(lease())).containsExactly("a", "b");
    }

    @Test
    void redisOutOfMemory_appendFails_drainingGoesOn() {
        append("a", "b", "c");
        Lease lease = lease();
        List<Waiting> waiting = waiting(lease);
        control("CONFIG", "SET", "maxmemory", "1");

        assertThatThrownBy(() -> await(outbox.append(entry("d")))).hasMessageContaining("OOM");
        assertThat(lease()).isEqualTo(lease);
        assertThat(await(outbox.failed(lease, waiting.get(0), 1))).isEqualTo(FenceResult.OK);
        assertThat(await(outbox.done(lease, waiting.subList(0, 1)))).isEqualTo(FenceResult.OK);
        assertThat(await(outbox.deadLetter(lease, waiting.get(1), 1, "no"))).isEqualTo(FenceResult.OK);
        assertThatThrownBy(() -> await(outbox.deadLetters().requeue(shard, 1))).hasMessageContaining("OOM");
        assertThat(payloads(lease)).containsExactly("c");

        control("CONFIG", "SET", "maxmemory", "0");
        assertThat(await(outbox.deadLetters().requeue(shard, 1))).isTrue();
        assertThat(payloads(lease)).containsExactly("c", "b");
        assertThat(status().bytes()).isEqualTo(2 * waiting.get(0).entry().bytes());
    }

    @Test
    void entryOfAnotherVersion_isPassedOverAndStays() {
        String stream = "mp:up:{" + shard + "}";
        control("XADD", stream, "0-*", "k", "0123456789abcdef", "s", "1", "p", "\u0002later");
        append("a");
        control("XADD", stream, "0-*", "k", "0123456789abcdef", "s", "1", "p", "\u0001cut");
        append("b");
        Lease lease = lease();

        Page all = await(outbox.read(lease, 0, 10));
        assertThat(payloads(all.messages())).containsExactly("a", "b");
        assertThat(all.unreadable()).isEqualTo(2);

        Page first =
                await(outbox.read(lease, 0, 1)); // its first element cannot be read: an empty page would be the end
        assertThat(payloads(first.messages())).containsExactly("a");
        assertThat(first.unreadable()).isOne();

        await(outbox.failed(lease, all.messages().get(1), 3));
        assertThat(waiting(lease)).extracting(Waiting::attempts).containsExactly(0, 3);
        await(outbox.done(lease, all.messages()));
        assertThat(await(outbox.read(lease, 0, 10))).isEqualTo(new Page(FenceResult.OK, List.of(), 2));
        assertThat(status().messages()).isEqualTo(2);
        assertThat(status().oldestReceivedMillis()).isZero();
    }

    @Test
    void deadLetterOfAnotherVersion_isPassedOverAndStays() {
        String dead = "mp:up:{" + shard + "}:d";
        control("XADD", dead, "0-*", "k", "0123456789abcdef", "s", "1", "p", "\u0002", "a", "1", "r", "r", "t", "1");
        append("a");
        Lease lease = lease();
        await(outbox.deadLetter(lease, waiting(lease).get(0), 1, "no"));

        assertThat(await(outbox.deadLetters().list(shard, 0, 1)))
                .extracting(DeadLetter::position)
                .containsExactly(2L);
        assertThat(status().deadLetters()).isEqualTo(2);
    }

    @Test
    void drainers_noneAnyMore_keyIsGone() {
        await(outbox.drainers(HOLDER, Duration.ofMillis(50)));

        Awaitility.await().untilAsserted(() -> {
            try (RespClient control = server.client()) {
                assertThat(control.send("KEYS", "*").texts()).isEmpty();
            }
        });
    }

    // ---- what stays ----

    @Test
    void everythingDrained_aBoundedNumberOfKeysStays() {
        int clients = 200;
        for (int round = 0; round < 3; round++) {
            IntStream.range(0, clients).forEach(i -> await(outbox.append(entry(ClientId.of("c" + i), "m"))));
            for (int i = 0; i < outbox.shards(); i++) {
                Lease lease = await(outbox.lease(i, HOLDER, LONG)).orElseThrow();
                List<Waiting> waiting = await(outbox.read(lease, 0, 1_000)).messages();
                await(outbox.failed(lease, waiting.get(0), 1));
                await(outbox.done(lease, waiting));
                await(outbox.release(lease));
            }
        }

        try (RespClient control = server.client()) {
            Stream<String> keys = control.send("KEYS", "*").texts().stream();
            assertThat(keys).hasSize(2 * outbox.shards()).allMatch(key -> key.matches("mp:up:\\{\\d+}(:m)?"));
            assertThat(control.send("XLEN", "mp:up:{0}").number()).isZero();
        }
        assertThat(await(outbox.status()))
                .allSatisfy(each -> assertThat(each.bytes()).isZero());
    }

    // ---- words ----

    private Entry entry(String payload) {
        return entry(CLIENT, payload);
    }

    private Entry entry(ClientId client, String payload) {
        return new Entry(
                new MessageId(1, ++ids), client, "r", Message.of("t", payload, QoS.AT_LEAST_ONCE), Map.of(), 1_000);
    }

    private void append(String... payloads) {
        for (String each : payloads) {
            await(outbox.append(entry(each)));
        }
    }

    private Lease lease() {
        return await(outbox.lease(shard, HOLDER, LONG)).orElseThrow();
    }

    private List<Waiting> waiting(Lease lease) {
        return await(outbox.read(lease, 0, 1_000)).messages();
    }

    private List<String> payloads(Lease lease) {
        return payloads(waiting(lease));
    }

    private static List<String> payloads(List<Waiting> waiting) {
        return waiting.stream()
                .map(each -> each.entry().message().payload().asUtf8String())
                .toList();
    }

    private List<DeadLetter> letters() {
        return await(outbox.deadLetters().list(shard, 0, 100));
    }

    private ShardStatus status() {
        return await(outbox.status()).get(shard);
    }

    private void control(String... command) {
        try (RespClient control = server.client()) {
            control.send(command);
        }
    }
}
