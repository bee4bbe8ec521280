/**
 * The words of MQTT as immutable Java values. They are neutral to the protocol version: what only MQTT 5 can say travels in
 * {@link io.mqttparty.model.Properties}, which is empty for MQTT 3.1 and 3.1.1.
 */
@NullMarked
package io.mqttparty.model;

import org.jspecify.annotations.NullMarked;
