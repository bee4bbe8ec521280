/** The HTTP server of the downlink, on Netty. */
@NullMarked
package io.mqttparty.http.internal.server;

import org.jspecify.annotations.NullMarked;
