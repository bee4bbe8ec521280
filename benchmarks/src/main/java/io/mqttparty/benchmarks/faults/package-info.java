/**
 * A cluster under faults: nodes in processes of their own on one Redis, clients that remember what was acknowledged to them, and what has to hold
 * afterwards. {@code FaultMain} runs it for minutes, the tests of this module for seconds.
 */
@NullMarked
package io.mqttparty.benchmarks.faults;

import org.jspecify.annotations.NullMarked;
