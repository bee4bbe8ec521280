/** The interfaces through which a service extends the broker. */
@NullMarked
package io.mqttparty.spi;

import org.jspecify.annotations.NullMarked;
