package io.mqttparty.testkit.contract;

import io.mqttparty.spi.Owner;

/** What one leg of an enqueue was answered. */
record Enqueued(long seq, Owner owner, long acknowledgedUpTo) {}
