/** The values of MQTT, independent of the protocol version. */
@NullMarked
package io.mqttparty.model;

import org.jspecify.annotations.NullMarked;
