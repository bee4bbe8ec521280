/** Joins the normative statements of MQTT with the code that implements them and the tests that show it. */
@NullMarked
package io.mqttparty.conformance;

import org.jspecify.annotations.NullMarked;
