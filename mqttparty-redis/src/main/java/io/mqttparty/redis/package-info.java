/**
 * The Redis backend: sessions, queues, retained messages, routes, members and outbox of any number of nodes in one Redis. What is public here is
 * what a service wires; docs/redis.md describes the keys and the promises.
 */
@NullMarked
package io.mqttparty.redis;

import org.jspecify.annotations.NullMarked;
