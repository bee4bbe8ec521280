/**
 * The backend in memory: the same semantics as every other, one JVM, gone with it. Each client has one record with a lock of its own, which is
 * held for a few memory operations and never while anything else is called; all stages are complete when they are returned.
 */
@NullMarked
package io.mqttparty.internal.memory;

import org.jspecify.annotations.NullMarked;
