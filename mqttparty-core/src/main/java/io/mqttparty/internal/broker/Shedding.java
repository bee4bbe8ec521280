package io.mqttparty.internal.broker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps publishers from waiting for clients that do not read. If the byte budget of the broker has been used up for a second without room for
 * anybody, the connections for which most is waiting are closed until an eighth of the budget is free. What waits for stores and upstreams
 * ends by itself: nobody is closed for it.
 */
final class Shedding {
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    /** How many connections of one loop are closed at a time. */
    private static final int MOST_AT_ONCE = 1_024;

    private final BrokerRuntime broker;
    private final ByteBudget budget;
    private final AtomicBoolean watching = new AtomicBoolean();

    Shedding(BrokerRuntime broker, ByteBudget budget) {
        this.broker = broker;
        this.budget = budget;
    }

    /** A publisher of this loop is held because the budget is used up. */
    void watch(LoopContext loop) {
        if (!watching.get() && watching.compareAndSet(false, true)) {
            lookLater(loop);
        }
    }

    private void lookLater(LoopContext loop) {
        int reliefs = budget.reliefs();
        try {
            var unused = loop.eventLoop().schedule(PATIENCE_NANOS, () -> look(loop, reliefs));
        } catch (RejectedExecutionException e) {
            watching.set(false); // the loop is closed
        }
    }

    private void look(LoopContext loop, int reliefsBefore) {
        if (!budget.isExhausted()) {
            watching.set(false);
            return;
        }
        if (budget.reliefs() == reliefsBefore) {
            new Round(broker.loops().all()).start();
        }
        lookLater(loop);
    }

    /** One look at all connections, each on its loop. */
    private final class Round {
        private final List<LoopContext> loops;
        private final List<Holder> largest = new ArrayList<>();
        private int open;
        private long total;

        Round(List<LoopContext> loops) {
            this.loops = loops;
            this.open = loops.size();
        }

        void start() {
            for (LoopContext loop : loops) {
                if (!loop.execute(() -> look(loop))) {
                    onSeen(List.of(), 0);
                }
            }
        }

        private void look(LoopContext loop) {
            Holders holders = new Holders();
            loop.unaccepted().forEach(holders::add);
            broker.local().forEach(connection -> {
                if (connection.loop() == loop) {
                    holders.add(connection);
                }
            });
            onSeen(holders.largest, holders.total);
        }

        private void onSeen(Iterable<Holder> holders, long bytes) {
            synchronized (this) {
                holders.forEach(largest::add);
                total += bytes;
                if (--open > 0) {
                    return;
                }
            }
            decide();
        }

        private void decide() {
            long excess = total - budget.reliefBytes();
            if (excess <= 0) {
                budget.relieveIfWithinLimit();
                return;
            }
            largest.sort(Comparator.reverseOrder());
            int closed = 0;
            for (Holder holder : largest) {
                if (excess <= 0) {
                    break;
                }
                excess -= holder.bytes;
                closed++;
                holder.connection.loop().execute(holder.connection::shed);
            }
            broker.log().shed(closed, total);
        }
    }

    /** The connections of one loop for which most is waiting. */
    private static final class Holders {
        private final PriorityQueue<Holder> largest = new PriorityQueue<>();
        private long total;

        void add(ConnectionDriver connection) {
            long bytes = connection.backlogBytes();
            total += bytes;
            if (bytes == 0) {
                return;
            }
            if (largest.size() < MOST_AT_ONCE) {
                largest.add(new Holder(connection, bytes));
            } else if (largest.element().bytes < bytes) {
                largest.remove();
                largest.add(new Holder(connection, bytes));
            }
        }
    }

    /**
     * A connection and what waits for it.
     *
     * @param connection which
     * @param bytes how much
     */
    private record Holder(ConnectionDriver connection, long bytes) implements Comparable<Holder> {
        @Override
        public int compareTo(Holder other) {
            return Long.compare(bytes, other.bytes);
        }
    }
}
