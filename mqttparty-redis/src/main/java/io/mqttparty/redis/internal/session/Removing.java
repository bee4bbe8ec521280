package io.mqttparty.redis.internal.session;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.LateArguments;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.RedisUnavailableException;
import io.mqttparty.redis.internal.lane.ReplyHandler;
import io.mqttparty.spi.SessionRef;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Removes records from queues, write-behind: what comes for one session while its command waits for the next batch of the lane joins it, so that there is
 * one XDEL for each session and batch. What is sent later on the same lane, such as a detach, finds the records gone.
 *
 * <p>While Redis does not answer, numbers are kept and tried again for a minute, so that an outage does not bring messages twice; not more
 * than {@value #MAX_RETRIED} of them.
 */
final class Removing {
    static final int MAX_RETRIED = 100_000;

    private static final int MAX_IN_COMMAND = 1_000;
    private static final int TRIES = 8;
    private static final long FIRST_DELAY_MILLIS = 500;

    private final RedisContext context;
    private final ConcurrentHashMap<SessionRef, Removal> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger retried = new AtomicInteger();

    Removing(RedisContext context) {
        this.context = context;
    }

    void remove(SessionRef session, long[] seqs) {
        if (seqs.length > 0) {
            remove(session, seqs, 0);
        }
    }

    private void remove(SessionRef session, long[] seqs, int tries) {
        Removal removal = waiting.compute(
                session,
                (ref, known) -> known != null && known.joined(seqs, tries) ? known : new Removal(ref, seqs, tries));
        removal.send();
    }

    /** The numbers of one command. Until it leaves it is found in {@link #waiting}, and grows under the lock of its entry there. */
    private final class Removal implements LateArguments, ReplyHandler {
        private final SessionRef session;
        private final AtomicBoolean sent = new AtomicBoolean();
        private long[] seqs;
        private int count;
        private int tries;

        Removal(SessionRef session, long[] seqs, int tries) {
            this.session = session;
            this.seqs = seqs.clone();
            this.count = seqs.length;
            this.tries = tries;
        }

        boolean joined(long[] more, int triesOfThem) {
            if (count + more.length > MAX_IN_COMMAND) {
                return false;
            }
            if (count + more.length > seqs.length) {
                seqs = Arrays.copyOf(seqs, Math.max(count + more.length, 2 * seqs.length));
            }
            System.arraycopy(more, 0, seqs, count, more.length);
            count += more.length;
            tries = Math.max(tries, triesOfThem);
            return true;
        }

        void send() {
            if (sent.compareAndSet(false, true)) {
                lane().sendLate(CommandType.XDEL, this, this);
            }
        }

        private Lane lane() {
            return context.lanes().of(session.client());
        }

        @Override
        public byte[][] take() {
            waiting.remove(session, this); // nothing joins it any more
            byte[][] arguments = new byte[count + 1][];
            arguments[0] = context.keys().queue(session);
            for (int i = 0; i < count; i++) {
                arguments[i + 1] = QueueEntries.id(seqs[i]);
            }
            return arguments;
        }

        @Override
        public void onReply(@Nullable Object reply) {}

        @Override
        public void onFailure(Throwable cause) {
            waiting.remove(session, this);
            if (cause instanceof RedisUnavailableException && tries < TRIES && !lane().isClosed()) {
                retryLater();
            }
        }

        private void retryLater() {
            if (retried.addAndGet(count) > MAX_RETRIED) {
                retried.addAndGet(-count);
                return;
            }
            long delay = FIRST_DELAY_MILLIS << Math.min(tries, 4);
            var unused = context.executors()
                    .schedule(
                            () -> {
                                retried.addAndGet(-count);
                                remove(session, Arrays.copyOf(seqs, count), tries + 1);
                            },
                            delay,
                            TimeUnit.MILLISECONDS);
        }
    }
}
