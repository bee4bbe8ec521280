/** From a message to a request that the backend has answered: order, retries, acknowledgement. */
@NullMarked
package io.mqttparty.http.internal.uplink;

import org.jspecify.annotations.NullMarked;
