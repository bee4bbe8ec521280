package io.mqttparty.spi;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The messages of an {@link Outbox} that were given up: for people, who look at them, throw them away, or try them once more. The oldest are dropped when there is
 * no room. Methods need no lease. They may be called from any thread and complete on any thread.
 */
public interface DeadLetters {
    /** How much of a reason is kept. */
    int REASON_CHARACTERS = 1_000;

    /**
     * The dead letters of a shard behind a position, oldest first. A page may hold fewer than asked for although there are more: an empty one is the end.
     * Those that this version cannot read are passed over.
     *
     * @param after the position of the last dead letter of the page before; 0 for the first page
     * @param max how many at most
     */
    CompletionStage<List<DeadLetter>> list(int shard, long after, int max);

    /** Deletes one: {@code true} if it was there. A repeated call has no effect and says {@code false}. */
    CompletionStage<Boolean> remove(int shard, long position);

    /**
     * Puts one at the end of what waits in its shard, with no attempt counted: {@code true} if it was there. A repeated call has no effect and says
     * {@code false}. It comes behind later messages of its client. Fails with {@link OutboxFullException} if the shard has no room; then it stays.
     */
    CompletionStage<Boolean> requeue(int shard, long position);

    /**
     * A message that was given up.
     *
     * @param shard where it is
     * @param position its place among the dead letters of the shard, above 0; never given twice
     * @param entry what was appended
     * @param attempts how many deliveries of it have failed
     * @param reason why it was given up, for people
     * @param deadMillis when, in milliseconds since 1970 UTC
     */
    record DeadLetter(int shard, long position, Outbox.Entry entry, int attempts, String reason, long deadMillis) {
        /** Shortens the reason to what is kept. */
        public DeadLetter {
            requireNonNull(entry, "entry");
            reason = shorten(reason);
        }

        /** What is kept of a reason. */
        public static String shorten(String reason) {
            return reason.length() <= REASON_CHARACTERS ? reason : reason.substring(0, REASON_CHARACTERS);
        }
    }
}
