package io.mqttparty.internal.broker;

import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.RoutePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the route log knows of this node's subscribers without a queue, and how it gets to know it. The log has a filter once its first
 * subscriber is answered, until its last one is gone. What a filter is to be in the log is written by one thread, the home loop, one write at a
 * time, so that the log ends with the truth; a write whose outcome is unknown is repeated.
 */
final class Announcements {
    private static final long FIRST_RETRY_NANOS = 200_000_000L;
    /** How many filters are written at once when all are. */
    private static final int AT_ONCE = 64;

    private static final long LONGEST_RETRY_NANOS = 30_000_000_000L;

    private final BrokerRuntime broker;
    /** By filter, packed so that most are cached: see {@link #pack}. */
    private final ConcurrentHashMap<TopicFilter, Integer> filters = new ConcurrentHashMap<>();
    /** The filters that are being written; on the home loop. */
    private final Map<TopicFilter, Write> writes = new HashMap<>();

    private volatile RoutePosition confirmed = RoutePosition.START;

    Announcements(BrokerRuntime broker) {
        this.broker = broker;
    }

    // ---- the state of a filter: how many subscribers, the level that they need, the level that the log has ----

    private static int pack(int subscribers, int needed, int known) {
        return subscribers << 4 | needed << 2 | known;
    }

    private static int subscribers(int state) {
        return state >>> 4;
    }

    /** 0 if there is nobody, else one more than the QoS. It does not go down while there is somebody. */
    private static int needed(int state) {
        return state >> 2 & 3;
    }

    /** The same for what the log has for sure. */
    private static int known(int state) {
        return state & 3;
    }

    private static boolean isKnown(int state) {
        return known(state) >= needed(state);
    }

    private static @Nullable Integer orNothing(int state) {
        return state == 0 ? null : state;
    }

    // ---- subscribers ----

    /** A subscriber has come, or has another grant now. The stage completes when the log has what it needs. */
    CompletionStage<RoutePosition> add(TopicFilter filter, QoS grant, boolean isNew) {
        int level = grant.value() + 1;
        int before = isNew ? 1 : 0;
        Integer state = filters.merge(
                filter,
                pack(before, level, 0),
                (now, added) -> pack(subscribers(now) + before, Math.max(level, needed(now)), known(now)));
        return isKnown(state) ? CompletableFuture.completedFuture(confirmed) : settled(filter);
    }

    /** A subscriber has gone. The stage completes when the log does not name the filter any more, if it was the last. */
    CompletionStage<RoutePosition> remove(TopicFilter filter) {
        Integer state = filters.computeIfPresent(filter, (f, now) -> {
            int rest = subscribers(now) - 1;
            return orNothing(pack(rest, rest == 0 ? 0 : needed(now), known(now)));
        });
        boolean last = state == null || subscribers(state) == 0;
        return last ? settled(filter) : CompletableFuture.completedFuture(confirmed);
    }

    /** What all nodes have to have applied so that they know what the log knows of this node's filters. */
    RoutePosition position() {
        return confirmed;
    }

    /** Writes everything again: the log has lost it, or knows it of a node that this was before. */
    CompletionStage<Void> addAll() {
        confirmed = RoutePosition.START; // positions of a log that was replaced say nothing about the new one
        filters.replaceAll((filter, state) -> pack(subscribers(state), needed(state), 0));
        filters.values().removeIf(state -> state == 0);
        List<TopicFilter> all = List.copyOf(filters.keySet());
        CompletableFuture<Void> done = new CompletableFuture<>();
        Promises.run(broker.homeLoop(), done, () -> {
            List<Write> before = List.copyOf(writes.values());
            writes.clear();
            before.forEach(Write::abandon);
            AtomicInteger open = new AtomicInteger(AT_ONCE);
            for (int first = 0; first < AT_ONCE; first++) {
                addEach(all, first, () -> {
                    if (open.decrementAndGet() == 0) {
                        done.complete(null);
                    }
                });
            }
        });
        return done;
    }

    private void addEach(List<TopicFilter> all, int first, Runnable onDone) {
        int count = Math.max(0, (all.size() - first + AT_ONCE - 1) / AT_ONCE);
        Steps.each(
                count,
                (index, next) -> {
                    var unused =
                            settled(all.get(first + index * AT_ONCE)).whenComplete((position, failure) -> next.run());
                },
                onDone);
    }

    // ---- writing, on the home loop ----

    private CompletionStage<RoutePosition> settled(TopicFilter filter) {
        CompletableFuture<RoutePosition> done = new CompletableFuture<>();
        Promises.run(broker.homeLoop(), done, () -> {
            Write write = writes.computeIfAbsent(filter, Write::new);
            write.waiting.add(done);
            write.goOn();
        });
        return done;
    }

    /** Brings the log up to what a filter is to be. */
    private final class Write {
        private final TopicFilter filter;
        private final Backoff backoff = new Backoff(broker.random(), FIRST_RETRY_NANOS, LONGEST_RETRY_NANOS);
        private List<CompletableFuture<RoutePosition>> waiting = new ArrayList<>();
        /** The outcome of a write is unknown, so the log has to be written whatever it is to be. */
        private boolean unknown;

        private boolean busy;

        Write(TopicFilter filter) {
            this.filter = filter;
        }

        void goOn() {
            if (busy) {
                return;
            }
            int state = filters.getOrDefault(filter, 0);
            int level = needed(state);
            if (level == 0 ? known(state) == 0 && !unknown : isKnown(state)) {
                writes.remove(filter, this);
                take().forEach(done -> done.complete(confirmed));
                return;
            }
            busy = true;
            if (level > 0) {
                call(true, level);
            } else if (filters.computeIfPresent(filter, (f, now) -> forgotten(now)) != null) {
                busy = false; // somebody has come meanwhile
                goOn();
            } else {
                call(false, 0);
            }
        }

        /** Nobody may take the filter for known while it is being removed. */
        private @Nullable Integer forgotten(int now) {
            return subscribers(now) == 0 ? null : now;
        }

        private void call(boolean add, int level) {
            unknown = true;
            var id = broker.nodeId();
            var log = broker.cluster().routes();
            SpiCalls.call(
                    broker.homeLoop(),
                    broker.timeouts().storeNanos(),
                    "route log",
                    () -> add ? log.addTransient(id, filter, QoS.of(level - 1)) : log.removeTransient(id, filter),
                    position -> written(level, position),
                    this::failed);
        }

        private void written(int level, RoutePosition position) {
            if (writes.get(filter) != this) {
                return;
            }
            unknown = false;
            busy = false;
            backoff.reset();
            confirmed = position.compareTo(confirmed) > 0 ? position : confirmed;
            if (level > 0) {
                filters.merge(filter, pack(0, 0, level), (now, known) -> pack(subscribers(now), needed(now), level));
            }
            goOn();
        }

        private void failed(Throwable failure) {
            if (writes.get(filter) != this) {
                return;
            }
            broker.log().backendFailed("route log", failure);
            take().forEach(done -> done.completeExceptionally(failure));
            var unused = broker.homeLoop().eventLoop().schedule(backoff.next(), this::retry);
        }

        private void retry() {
            if (writes.get(filter) == this) {
                busy = false;
                goOn();
            }
        }

        void abandon() {
            take().forEach(done -> done.completeExceptionally(new IllegalStateException("the membership is over")));
        }

        private List<CompletableFuture<RoutePosition>> take() {
            List<CompletableFuture<RoutePosition>> taken = waiting;
            waiting = new ArrayList<>();
            return taken;
        }
    }
}
