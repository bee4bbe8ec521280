/**
 * The in-memory backend: sessions, retained messages, routes and bus with the semantics of the durable one, lost with the process. Brokers in
 * one JVM that share a backend are a cluster.
 *
 * <p>Everything completes during the call. Locks are held for short work in memory only, never while a callback, a sink or a handler runs, and
 * are taken in this order: the step lock of a client, the monitor of its record, the route log's.
 */
@NullMarked
package io.mqttparty.internal.memory;

import org.jspecify.annotations.NullMarked;
