/** The endpoints of the downlink: an HTTP request becomes a call of the broker, and what comes of it an HTTP response. No IO. */
@NullMarked
package io.mqttparty.http.internal.downlink;

import org.jspecify.annotations.NullMarked;
