/** JMH benchmarks. */
@NullMarked
package io.mqttparty.benchmarks;

import org.jspecify.annotations.NullMarked;
