package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.internal.client.Timers;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What all deliveries share.
 *
 * @param timers a monotonic clock and what happens later
 * @param clock the time of day
 * @param random for waits; several threads use it
 * @param observer counts and tells
 * @param backlog bounds how many events are on their way
 */
public record Surroundings(
        Timers timers, InstantSource clock, RandomGenerator random, Observer observer, Backlog backlog) {}
