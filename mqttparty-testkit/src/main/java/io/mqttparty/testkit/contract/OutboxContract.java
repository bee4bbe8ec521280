package io.mqttparty.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.DeadLetters.DeadLetter;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Outbox.Lease;
import io.mqttparty.spi.Outbox.Page;
import io.mqttparty.spi.Outbox.ShardStatus;
import io.mqttparty.spi.Outbox.Waiting;
import io.mqttparty.spi.OutboxFullException;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** The contract of {@link Outbox}. */
public abstract class OutboxContract {
    /** What the whole outbox holds: small, so that the limits of a shard can be reached. */
    private static final long MESSAGES = 1_600;

    private static final long BYTES = 1_600_000;
    private static final long DEAD_LETTERS = 160;

    /** More than any of these tests needs: a position that does not move on shall fail, not hang. */
    private static final int MAX_PAGES = 1_000;

    static final Token ONE = new Token("one.00000001-1");
    static final Token TWO = new Token("two.00000002-1");
    static final int SHARD = 3;

    private final AtomicLong ids = new AtomicLong();
    private final ContractClock clock = new ContractClock();
    private Outbox outbox;

    // ---- what an outbox of your own provides ----

    /** A new outbox with nothing in it, ready to serve. */
    protected abstract Outbox newOutbox(Setup setup);

    /** Frees what {@link #newOutbox} made; called after each test. Does nothing unless overridden. */
    protected void release(Outbox outbox) {}

    /** Lets this time pass for the outbox. Unless overridden, it moves the clock of the setup; an outbox with a clock of its own waits. */
    protected void elapse(Duration duration) {
        clock.advance(duration);
    }

    /** How long the leases of these tests hold. An outbox with a clock of its own makes it short. */
    protected Duration leaseTime() {
        return Duration.ofSeconds(10);
    }

    /** How long an answer may take. */
    protected Duration timeLimit() {
        return Duration.ofSeconds(10);
    }

    /**
     * How the outbox is to be made.
     *
     * @param clock for everything that depends on time
     * @param limits those of the outbox are what these tests need
     */
    public record Setup(InstantSource clock, Limits limits) {}

    // ---- life ----

    @BeforeEach
    final void openOutbox() {
        outbox = newOutbox(new Setup(
                clock,
                Limits.DEFAULTS
                        .withOutboxMessages(MESSAGES)
                        .withOutboxBytes(BYTES)
                        .withDeadLetters(DEAD_LETTERS)));
    }

    @AfterEach
    final void closeOutbox() {
        release(outbox);
    }

    // ---- words ----

    final Outbox outbox() {
        return outbox;
    }

    final int messagesOfAShard() {
        return (int) MESSAGES / outbox.shards();
    }

    final int bytesOfAShard() {
        return (int) BYTES / outbox.shards();
    }

    final int deadLettersOfAShard() {
        return (int) DEAD_LETTERS / outbox.shards();
    }

    /** The result of a stage, which has to come in time. */
    final <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(timeLimit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the outbox did not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** A stage has to say that there is no room. */
    final void assertFull(CompletionStage<?> stage) {
        assertThat(stage.toCompletableFuture())
                .failsWithin(timeLimit())
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(OutboxFullException.class);
    }

    /** Another client of a shard for each number. */
    final ClientId clientOf(int shard, int number) {
        int found = -1;
        for (int i = 0; ; i++) {
            ClientId client = ClientId.of("device-" + i);
            if (outbox.shardOf(client) == shard && ++found == number) {
                return client;
            }
        }
    }

    /** An entry of the first client of the usual shard. */
    final Entry entry(String payload) {
        return entry(clientOf(SHARD, 0), payload);
    }

    final Entry entry(ClientId client, String payload) {
        long id = ids.incrementAndGet();
        Message message = Message.of("t", payload, QoS.AT_LEAST_ONCE);
        return new Entry(new MessageId(id, ~id), client, "route", message, Map.of(), 1_900_000_000_000L + id);
    }

    final void append(Entry... entries) {
        for (Entry each : entries) {
            await(outbox.append(each));
        }
    }

    final Lease lease(Token holder) {
        return await(outbox.lease(SHARD, holder, leaseTime()))
                .orElseThrow(() -> new AssertionError("lease: refused (expected: given to " + holder + ")"));
    }

    /** Everything that waits, read in pages. */
    final List<Waiting> waiting(Lease lease) {
        return waiting(lease, 1_000);
    }

    final List<Waiting> waiting(Lease lease, int pageSize) {
        List<Waiting> all = new ArrayList<>();
        long after = 0;
        for (int i = 0; i < MAX_PAGES; i++) {
            Page page = await(outbox.read(lease, after, pageSize));
            assertThat(page.result()).isEqualTo(FenceResult.OK);
            assertThat(page.messages()).hasSizeLessThanOrEqualTo(pageSize);
            if (page.messages().isEmpty()) {
                return all;
            }
            all.addAll(page.messages());
            after = all.get(all.size() - 1).position();
        }
        throw new AssertionError("pages: more than " + MAX_PAGES);
    }

    static List<String> payloads(List<Waiting> waiting) {
        return waiting.stream()
                .map(each -> each.entry().message().payload().asUtf8String())
                .toList();
    }

    /** What waits in the usual shard, for whoever holds no lease: it must be free. */
    final List<String> payloads() {
        Lease lease = lease(ONE);
        List<String> payloads = payloads(waiting(lease));
        await(outbox.release(lease));
        return payloads;
    }

    /** All dead letters of the usual shard, read in pages. */
    final List<DeadLetter> dead() {
        List<DeadLetter> all = new ArrayList<>();
        long after = 0;
        for (int i = 0; i < MAX_PAGES; i++) {
            List<DeadLetter> page = await(outbox.deadLetters().list(SHARD, after, 3));
            assertThat(page).hasSizeLessThanOrEqualTo(3);
            if (page.isEmpty()) {
                return all;
            }
            all.addAll(page);
            after = all.get(all.size() - 1).position();
        }
        throw new AssertionError("pages: more than " + MAX_PAGES);
    }

    static List<String> deadPayloads(List<DeadLetter> letters) {
        return letters.stream()
                .map(each -> each.entry().message().payload().asUtf8String())
                .toList();
    }

    final ShardStatus status() {
        List<ShardStatus> all = await(outbox.status());
        assertThat(all).extracting(ShardStatus::shard).hasSize(outbox.shards()).isSorted();
        return all.get(SHARD);
    }

    // ---- the cases ----

    @Nested
    final class Appending extends OutboxAppendCases {
        Appending() {
            super(OutboxContract.this);
        }
    }

    @Nested
    final class Leasing extends OutboxLeaseCases {
        Leasing() {
            super(OutboxContract.this);
        }
    }

    @Nested
    final class Draining extends OutboxDrainCases {
        Draining() {
            super(OutboxContract.this);
        }
    }

    @Nested
    final class GivingUp extends DeadLetterCases {
        GivingUp() {
            super(OutboxContract.this);
        }
    }
}
