package io.mqttparty.redis.internal.session;

import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.ReplyHandler;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore.Stored;
import io.mqttparty.spi.SharedTarget;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What became of the targets of a {@link Fanout}, as far as this call did it. For one thread at a time. */
final class Reached {
    private static final System.Logger LOG = System.getLogger("io.mqttparty.redis");
    private static final Script OWNERS = Script.load(Reached.class, "owners");

    private static final int PAGE = 1_000;
    private static final long NO_QUEUE = -1;
    private static final long UNKNOWN = 0;

    private final RedisContext context;
    private final Enqueuing queues;
    private final List<Leg> legs;
    private final @Nullable Stored[] stored;
    private final List<SharedTarget> missed = new ArrayList<>();

    Reached(RedisContext context, Enqueuing queues, List<Leg> legs) {
        this.context = context;
        this.queues = queues;
        this.legs = legs;
        this.stored = new Stored[legs.size()];
    }

    /** A node that is no member. */
    void missed(SharedTarget target) {
        missed.add(target);
    }

    List<SharedTarget> missed() {
        return missed;
    }

    /** A leg with its number, node, epoch and progress. One without a queue is left out and fails nobody: docs/adr/0012. */
    void stored(int place, String number, String node, String epoch, String progress, int recordBytes) {
        SessionRef session = legs.get(place).session();
        long seq = Long.parseLong(number);
        if (seq == NO_QUEUE) {
            queues.onNoQueue(session, new Why(session));
        } else {
            queues.onAppended(session, seq, recordBytes);
        }
        stored[place] = new Stored(seq, owner(node, number(epoch)), number(progress));
    }

    /** Hears why there was no queue. */
    private record Why(SessionRef session) implements ReplyHandler {
        @Override
        public void onReply(@Nullable Object reply) {
            if (!Status.is(Reply.list(reply), Status.GONE)) {
                LOG.log(
                        Level.ERROR,
                        "redis: the queue of " + session.client() + " is lost (expected: one for its session)");
            }
        }

        @Override
        public void onFailure(Throwable cause) {
            LOG.log(Level.DEBUG, "redis: why there is no queue of " + session.client() + " is not known", cause);
        }
    }

    private static long number(String digits) {
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }

    private static Owner owner(String node, long epoch) {
        return new Owner(node.isEmpty() ? Optional.empty() : Optional.of(new NodeId(node)), epoch);
    }

    /** All legs; those that another call reached have no number, and the owner of now. */
    CompletionStage<List<Stored>> legs(Lane lane) {
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < stored.length; i++) {
            if (stored[i] == null) {
                open.add(i);
            }
        }
        CompletableFuture<?>[] pages = new CompletableFuture<?>[(open.size() + PAGE - 1) / PAGE];
        for (int i = 0; i < pages.length; i++) {
            pages[i] = owners(lane, open.subList(i * PAGE, Math.min((i + 1) * PAGE, open.size())))
                    .toCompletableFuture();
        }
        return CompletableFuture.allOf(pages)
                .thenApply(done ->
                        Arrays.stream(stored).map(Objects::requireNonNull).toList());
    }

    private CompletionStage<Void> owners(Lane lane, List<Integer> places) {
        Eval call = Eval.of(OWNERS);
        places.forEach(place ->
                call.key(context.keys().session(legs.get(place).session().client())));
        places.forEach(place -> call.arg(legs.get(place).session().incarnation().value()));
        return call.call(lane, reply -> {
            List<@Nullable Object> owners = Reply.list(reply);
            for (int i = 0; i < places.size(); i++) {
                Object node = owners.get(2 * i);
                Owner owner = owner(node == null ? "" : Reply.text(node), Reply.number(owners.get(2 * i + 1), 0));
                stored[places.get(i)] = new Stored(UNKNOWN, owner, 0);
            }
            return null;
        });
    }
}
