/** Bytes to packets and back, for MQTT 3.1 and 3.1.1: whole frames only, over plain {@link java.nio.ByteBuffer}s. */
@NullMarked
package io.mqttparty.internal.codec;

import org.jspecify.annotations.NullMarked;
