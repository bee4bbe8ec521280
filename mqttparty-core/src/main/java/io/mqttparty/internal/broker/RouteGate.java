package io.mqttparty.internal.broker;

import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.transport.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets SUBACK and UNSUBACK wait until every member routes by the change, so that a publish that they cause, on any node, is routed by it. After
 * the cap it goes on: a member whose mirror is older than that does not route, see {@link RouteFreshness}. All who wait share one look at how far
 * the others are, and at most one every two milliseconds while somebody waits.
 */
final class RouteGate {
    private static final long POLL_NANOS = 2_000_000L;

    private final BrokerRuntime broker;
    /** On the home loop, as everything but the waiters themselves. */
    private final List<Waiter> waiting = new ArrayList<>();

    private boolean looking;

    RouteGate(BrokerRuntime broker) {
        this.broker = broker;
    }

    /** Goes on when all members have applied the log up to this position, on the loop. */
    void await(LoopContext loop, RoutePosition position, Runnable onOpen) {
        RouteLog log = broker.cluster().routes();
        if (log.isAlwaysFresh()) {
            SpiCalls.call(
                    loop,
                    broker.timeouts().routesNanos(),
                    "route log",
                    log::appliedByAll,
                    applied -> {
                        if (applied.compareTo(position) >= 0) {
                            onOpen.run();
                        } else {
                            waitFor(loop, position, onOpen);
                        }
                    },
                    failure -> waitFor(loop, position, onOpen));
        } else {
            waitFor(loop, position, onOpen);
        }
    }

    private void waitFor(LoopContext loop, RoutePosition position, Runnable onOpen) {
        Waiter waiter = new Waiter(loop, position, onOpen);
        waiter.start(broker.timeouts().routesNanos());
        broker.homeLoop().execute(() -> add(waiter));
    }

    private void add(Waiter waiter) {
        waiting.add(waiter);
        if (!looking) {
            look();
        }
    }

    private void look() {
        looking = true;
        SpiCalls.call(
                broker.homeLoop(),
                broker.timeouts().routesNanos(),
                "route log",
                () -> broker.cluster().routes().appliedByAll(),
                this::open,
                failure -> open(RoutePosition.START));
    }

    private void open(RoutePosition applied) {
        waiting.removeIf(waiter -> waiter.isOpenAt(applied));
        if (waiting.isEmpty()) {
            looking = false;
        } else {
            var unused = broker.homeLoop().eventLoop().schedule(POLL_NANOS, this::look);
        }
    }

    /** One answer that waits. */
    private static final class Waiter {
        private final LoopContext loop;
        private final RoutePosition position;
        private final Runnable onOpen;
        private volatile boolean opened;
        private EventLoop.@Nullable Scheduled timer;

        Waiter(LoopContext loop, RoutePosition position, Runnable onOpen) {
            this.loop = loop;
            this.position = position;
            this.onOpen = onOpen;
        }

        void start(long capNanos) {
            timer = loop.eventLoop().schedule(capNanos, this::open);
        }

        /** Whether it need not wait any longer, because of this or because of the cap. */
        boolean isOpenAt(RoutePosition applied) {
            if (!opened && applied.compareTo(position) >= 0) {
                loop.execute(this::open);
                return true;
            }
            return opened;
        }

        private void open() {
            if (!opened) {
                opened = true;
                if (timer != null) {
                    timer.cancel();
                }
                onOpen.run();
            }
        }
    }
}
