/**
 * What the Redis backend costs: CPU time of Redis, commands and messages per second, each beside what the three commands of a message cost when they
 * are measured alone on the same machine in the same run.
 */
@NullMarked
package io.mqttparty.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
