/** Several brokers on one backend in one thread: their clocks, their calls and what they tell each other are the test's. */
@NullMarked
package io.mqttparty.testkit.cluster;

import org.jspecify.annotations.NullMarked;
