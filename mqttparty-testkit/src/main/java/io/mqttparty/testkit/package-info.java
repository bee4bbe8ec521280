/** Fakes to run a broker in a test, and the contracts of the SPIs. */
@NullMarked
package io.mqttparty.testkit;

import org.jspecify.annotations.NullMarked;
