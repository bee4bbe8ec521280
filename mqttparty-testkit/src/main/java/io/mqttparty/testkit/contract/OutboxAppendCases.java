package io.mqttparty.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Outbox.Lease;
import io.mqttparty.spi.Outbox.Waiting;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What goes into the outbox, and how much of it. */
abstract class OutboxAppendCases {
    private final OutboxContract c;

    OutboxAppendCases(OutboxContract contract) {
        this.c = contract;
    }

    @Test
    void append_anyEntry_isReadAsItWas() {
        ClientId client = c.clientOf(OutboxContract.SHARD, 0);
        byte[] bytes = new byte[256];
        IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) i);
        Message binary = new Message(TopicName.of("a/\u00e4/\u20ac"), Payload.copyOf(bytes), QoS.EXACTLY_ONCE, true)
                .withDeadlineMillis(4_102_444_800_000L);
        Entry full = new Entry(
                new MessageId(Long.MIN_VALUE, -1),
                client,
                "orders/\u20ac:{1}",
                binary,
                Map.of("traceparent", "00-0af7", "user", "\u00e4", "", ""),
                1_800_000_000_123L);
        Entry bare = new Entry(new MessageId(0, 0), client, "", Message.of("t", "", QoS.AT_MOST_ONCE), Map.of(), 0);

        c.append(full, bare);

        assertThat(c.waiting(c.lease(OutboxContract.ONE)))
                .extracting(Waiting::entry, Waiting::attempts)
                .containsExactly(tuple(full, 0), tuple(bare, 0));
    }

    @Test
    void append_severalClients_eachInItsShardInOrder() {
        ClientId one = c.clientOf(OutboxContract.SHARD, 0);
        ClientId two = c.clientOf(OutboxContract.SHARD, 1);
        ClientId elsewhere = c.clientOf(OutboxContract.SHARD + 1, 0);

        c.append(c.entry(one, "1"), c.entry(elsewhere, "x"), c.entry(two, "2"), c.entry(one, "3"));

        assertThat(c.payloads()).containsExactly("1", "2", "3");
    }

    @Test
    void shardOf_anyClient_isOneOfTheShards() {
        assertThat(IntStream.range(0, 1_000)
                        .map(i -> c.outbox().shardOf(ClientId.of("client-" + i)))
                        .distinct())
                .allMatch(shard -> shard >= 0 && shard < c.outbox().shards())
                .hasSize(c.outbox().shards());
    }

    @Test
    void append_repeatedWhileItWaits_isThereOnce() {
        Entry entry = c.entry("a");

        c.append(entry, c.entry("b"), entry);

        assertThat(c.payloads()).containsExactly("a", "b");
        assertThat(c.status().bytes()).isEqualTo(2 * entry.bytes());
    }

    @Test
    void append_sameMessageForOtherRoute_isAnother() {
        Entry entry = c.entry("a");

        c.append(entry, new Entry(entry.id(), entry.client(), "other", entry.message(), Map.of(), 1));

        assertThat(c.payloads()).containsExactly("a", "a");
    }

    @Test
    void append_againAfterItWasDelivered_waitsAgain() {
        Entry entry = c.entry("a");
        c.append(entry);
        Lease lease = c.lease(OutboxContract.ONE);
        c.await(c.outbox().done(lease, c.waiting(lease)));

        c.append(entry);

        assertThat(OutboxContract.payloads(c.waiting(lease))).containsExactly("a");
    }

    @Test
    void append_byManyThreads_allAreThereAndEachClientInOrder() {
        int each = c.messagesOfAShard() / 8;
        Race.of(4, thread -> {
            ClientId client = c.clientOf(OutboxContract.SHARD, thread);
            IntStream.range(0, each).forEach(i -> c.append(c.entry(client, thread + "-" + i)));
            return client;
        });

        List<String> payloads = c.payloads();
        assertThat(payloads).hasSize(4 * each);
        for (int thread = 0; thread < 4; thread++) {
            int number = thread;
            assertThat(payloads.stream().filter(payload -> payload.startsWith(number + "-")))
                    .containsExactlyElementsOf(IntStream.range(0, each)
                            .mapToObj(i -> number + "-" + i)
                            .toList());
        }
    }

    // ---- limits ----

    @Test
    void append_asManyAsAShardHolds_theNextFailsAndChangesNothing() {
        for (int i = 0; i < c.messagesOfAShard(); i++) {
            c.append(c.entry("" + i));
        }

        c.assertFull(c.outbox().append(c.entry("too many")));

        assertThat(c.payloads()).hasSize(c.messagesOfAShard()).doesNotContain("too many");
        assertThat(c.status().messages()).isEqualTo(c.messagesOfAShard());
    }

    @Test
    void append_full_otherShardsHaveRoom() {
        for (int i = 0; i < c.messagesOfAShard(); i++) {
            c.append(c.entry("" + i));
        }

        c.append(c.entry(c.clientOf(OutboxContract.SHARD + 1, 0), "elsewhere"));
    }

    @Test
    void append_repeatedWhileFull_isStillAccepted() {
        Entry first = c.entry("first");
        c.append(first);
        for (int i = 1; i < c.messagesOfAShard(); i++) {
            c.append(c.entry("" + i));
        }

        c.append(first);

        assertThat(c.payloads()).hasSize(c.messagesOfAShard());
    }

    @Test
    void append_asManyBytesAsAShardHolds_theNextFailsUntilThereIsRoom() {
        String half = "x".repeat(c.bytesOfAShard() / 2 - (int) c.entry("").bytes());
        c.append(c.entry(half), c.entry(half));
        Entry more = c.entry("");

        c.assertFull(c.outbox().append(more));

        Lease lease = c.lease(OutboxContract.ONE);
        c.await(c.outbox().done(lease, c.waiting(lease).subList(0, 1)));
        c.append(more);
        assertThat(OutboxContract.payloads(c.waiting(lease))).containsExactly(half, "");
    }
}
