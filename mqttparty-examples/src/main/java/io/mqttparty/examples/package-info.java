/** How a service embeds MQTTParty: programs to copy from, and a broker that runs by itself. */
@NullMarked
package io.mqttparty.examples;

import org.jspecify.annotations.NullMarked;
