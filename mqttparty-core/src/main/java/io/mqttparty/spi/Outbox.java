package io.mqttparty.spi;

import static java.util.Objects.requireNonNull;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps messages on their way to an upstream, so that PUBACK can mean "it will get there": whoever takes the message appends it before the
 * acknowledgement, and any node delivers it later. It is divided into shards. All messages of one client are in one shard, in their order, and at
 * any time one node drains a shard, so that the order holds to the end.
 *
 * <p><b>Draining.</b> A node takes the {@link #lease} of a shard and prolongs it in good time; it reads from position 0 on, delivers the messages of one client for one route one
 * after the other and those of different clients as it likes, and says of each what became of it: {@link #done}, {@link #failed}, or
 * {@link #deadLetter}. What it says nothing about stays for the next one. A node that learns that it is {@link FenceResult#STALE} stops: what it has
 * under way may be delivered a second time by its successor, under the same message id.
 *
 * <p><b>Dividing.</b> The nodes that drain say so again and again with {@link #drainers}, and all of them see the same list: from it each knows which shards are its own, without asking the
 * others. What the list says is a hint; the lease alone decides.
 *
 * <p><b>Rules for all methods.</b> They may be called from any thread and complete on any thread. A stage that fails leaves the outcome unknown, unless it
 * fails with {@link OutboxFullException}; every change may therefore be repeated with the same arguments and then has no further effect.
 */
public interface Outbox {
    /** The number of shards: the same on all nodes and for ever. They are numbered from 0. */
    int shards();

    /** The shard of all messages of a client: the same on all nodes and for ever. */
    default int shardOf(ClientId client) {
        return Math.floorMod(client.value().hashCode(), shards());
    }

    /**
     * Appends a message to the shard of its client. It is durable when the stage completes. Nothing is appended while an entry with the same message id and route
     * waits; an entry that has been delivered meanwhile is forgotten, and is appended again.
     *
     * <p>Whoever wants two messages of a client in a certain order appends the second when the stage of the first has completed.
     *
     * <p>Fails with {@link OutboxFullException} if the shard has no room; then nothing was appended.
     */
    CompletionStage<Void> append(Entry entry);

    /**
     * Says that the caller drains shards, for this time from now on, and who else does.
     *
     * @param drainer who says so: the token that it takes leases with
     * @param time how long it counts unless it is said again; zero if it drains no more
     * @return whose time is not over, in the order of their texts
     */
    CompletionStage<List<Token>> drainers(Token drainer, Duration time);

    /**
     * Takes the right to drain a shard, or prolongs it: from now on it holds for this time. Who holds it calls this again well before it ends; a lease that has
     * ended can still be prolonged if nobody has taken the shard meanwhile.
     *
     * @param holder who asks: a token that no other run of a node uses
     * @param time how long it holds, longer than nothing
     * @return empty if somebody else holds it
     */
    CompletionStage<Optional<Lease>> lease(int shard, Token holder, Duration time);

    /** Gives the shard away before the lease ends. After either answer the holder has no right to it; a repeated call answers {@link FenceResult#STALE}. */
    CompletionStage<FenceResult> release(Lease lease);

    /**
     * The messages that wait behind a position, in the order in which they were appended. A page may hold fewer than asked for although there are more: an
     * empty one is the end. Entries that this version cannot read are passed over and stay, since a newer node may be able to.
     *
     * @param after the position of the last message of the page before; 0 for the first page
     * @param max how many at most
     */
    CompletionStage<Page> read(Lease lease, long after, int max);

    /** Removes messages that have been delivered, as {@link #read} gave them. */
    CompletionStage<FenceResult> done(Lease lease, List<Waiting> delivered);

    /**
     * Notes that a delivery failed. The message stays where it is.
     *
     * @param attempts how many deliveries of it have failed, this one included; a lower number than is known changes nothing
     */
    CompletionStage<FenceResult> failed(Lease lease, Waiting message, int attempts);

    /**
     * Gives a message up: moves it to the {@link #deadLetters dead letters}. If they have no room, the oldest ones are dropped and counted.
     *
     * @param attempts how many deliveries of it have failed
     * @param reason for people; kept up to {@value DeadLetters#REASON_CHARACTERS} characters
     */
    CompletionStage<FenceResult> deadLetter(Lease lease, Waiting message, int attempts, String reason);

    /** What was given up. */
    DeadLetters deadLetters();

    /** How full the shards are, in the order of their numbers. */
    CompletionStage<List<ShardStatus>> status();

    /**
     * A message to be delivered.
     *
     * @param id names the received message; an upstream that gets it twice knows it by that
     * @param client its publisher
     * @param route where it is to be delivered, in the words of who appends it; the same message may wait for several routes
     * @param message what was published
     * @param attributes what else is needed to deliver it, in the words of who appends it
     * @param receivedMillis when it was received, in milliseconds since 1970 UTC
     */
    record Entry(
            MessageId id,
            ClientId client,
            String route,
            Message message,
            Map<String, String> attributes,
            long receivedMillis) {
        /** Checks that nothing is missing and copies the attributes. */
        public Entry {
            requireNonNull(id, "id");
            requireNonNull(client, "client");
            requireNonNull(route, "route");
            requireNonNull(message, "message");
            attributes = Map.copyOf(attributes);
        }

        /** The bytes of its texts in UTF-8 and of its payload, which count against the limits. */
        public long bytes() {
            long bytes = (long) message.topic().utf8Length() + message.payload().size();
            bytes += utf8Length(client.value()) + utf8Length(route);
            for (Map.Entry<String, String> each : attributes.entrySet()) {
                bytes += utf8Length(each.getKey()) + utf8Length(each.getValue());
            }
            return bytes;
        }

        private static long utf8Length(String text) {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    /**
     * The right to drain a shard.
     *
     * @param shard which one
     * @param holder whose
     * @param epoch grows with each new holder, and each time that one comes back
     */
    record Lease(int shard, Token holder, long epoch) {}

    /**
     * A message that waits.
     *
     * @param position its place in the shard, above 0; never given twice
     * @param entry what was appended
     * @param attempts how many deliveries of it have failed
     */
    record Waiting(long position, Entry entry, int attempts) {}

    /**
     * A page of messages.
     *
     * @param result {@link FenceResult#STALE} if the lease is no longer the caller's
     * @param messages none if it is stale
     * @param unreadable how many entries before, between and behind them were passed over
     */
    record Page(FenceResult result, List<Waiting> messages, int unreadable) {
        /** Copies the list. */
        public Page {
            messages = List.copyOf(messages);
        }

        /** A page of an outbox that can read everything. */
        public Page(FenceResult result, List<Waiting> messages) {
            this(result, messages, 0);
        }
    }

    /**
     * How full a shard is.
     *
     * @param shard which one
     * @param messages that wait
     * @param bytes of them, see {@link Entry#bytes()}
     * @param oldestReceivedMillis when the message was received that has waited longest; 0 if none waits or it cannot be read
     * @param deadLetters that are kept
     * @param deadLetterBytes of them, see {@link Entry#bytes()}
     * @param droppedDeadLetters that were dropped for lack of room, since the outbox exists
     * @param drainedBy who holds the lease; empty if nobody does
     */
    record ShardStatus(
            int shard,
            long messages,
            long bytes,
            long oldestReceivedMillis,
            long deadLetters,
            long deadLetterBytes,
            long droppedDeadLetters,
            Optional<Token> drainedBy) {}
}
