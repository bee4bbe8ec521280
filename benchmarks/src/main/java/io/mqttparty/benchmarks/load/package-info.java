/**
 * A load generator for any MQTT 3.1.1 broker, and the scenarios in which brokers are compared by the CPU time of their process per delivered
 * message. Its client is its own: nothing of the broker's code is in it.
 */
@NullMarked
package io.mqttparty.benchmarks.load;

import org.jspecify.annotations.NullMarked;
