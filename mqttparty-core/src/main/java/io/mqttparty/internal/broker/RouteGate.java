package io.mqttparty.internal.broker;

import io.mqttparty.spi.RoutePosition;

/**
 * Lets SUBACK and UNSUBACK wait until every member routes by the change, so that a publish that they cause, on any node, is routed by it. After
 * the cap it goes on: a member that is not fresh by then does not route.
 */
final class RouteGate {
    /** The longest time that an answer waits. */
    static final long CAP_NANOS = 250_000_000L;

    private static final long POLL_NANOS = 2_000_000L;

    private final BrokerRuntime broker;

    RouteGate(BrokerRuntime broker) {
        this.broker = broker;
    }

    /** Goes on when all members have applied the log up to this position, on the loop. */
    void await(LoopContext loop, RoutePosition position, Runnable onOpen) {
        poll(loop, position, loop.eventLoop().nanoTime() + CAP_NANOS, onOpen);
    }

    private void poll(LoopContext loop, RoutePosition position, long deadline, Runnable onOpen) {
        SpiCalls.call(
                loop,
                CAP_NANOS,
                "route log",
                () -> broker.cluster().routes().appliedByAll(),
                applied -> {
                    if (applied.compareTo(position) >= 0 || loop.eventLoop().nanoTime() - deadline >= 0) {
                        onOpen.run();
                    } else {
                        var unused =
                                loop.eventLoop().schedule(POLL_NANOS, () -> poll(loop, position, deadline, onOpen));
                    }
                },
                failure -> onOpen.run());
    }
}
