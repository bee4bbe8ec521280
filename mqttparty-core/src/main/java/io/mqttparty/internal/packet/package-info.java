/** The fourteen packets of MQTT as values, without their bytes. Driver-side shortcuts past them are in {@link io.mqttparty.internal.packet.PacketSink}. */
@NullMarked
package io.mqttparty.internal.packet;

import org.jspecify.annotations.NullMarked;
