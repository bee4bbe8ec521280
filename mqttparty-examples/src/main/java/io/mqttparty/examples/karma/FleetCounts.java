package io.mqttparty.examples.karma;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all devices together have seen. */
final class FleetCounts {
    final AtomicInteger connected = new AtomicInteger();
    final AtomicLong reconnects = new AtomicLong();
    final AtomicLong acknowledged = new AtomicLong();
    final AtomicLong answers = new AtomicLong();
    final AtomicLong commands = new AtomicLong();
    /** From heartbeat to PUBACK. */
    final Percentiles pubacks = new Percentiles();
    /** From question to answer. */
    final Percentiles logins = new Percentiles();
}
