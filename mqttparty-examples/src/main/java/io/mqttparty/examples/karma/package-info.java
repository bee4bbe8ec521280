/**
 * The deployment that MQTTParty was thought up for: devices speak MQTT to any of several nodes, a backend speaks HTTP, and neither knows of the other's
 * protocol. {@link io.mqttparty.examples.karma.KarmaDemo} runs all of it in one process.
 */
@NullMarked
package io.mqttparty.examples.karma;

import org.jspecify.annotations.NullMarked;
