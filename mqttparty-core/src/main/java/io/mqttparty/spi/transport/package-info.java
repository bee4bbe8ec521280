/** The interfaces between the broker and what moves its bytes. */
@NullMarked
package io.mqttparty.spi.transport;

import org.jspecify.annotations.NullMarked;
