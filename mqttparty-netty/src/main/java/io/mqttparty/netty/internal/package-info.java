/** How the transport on Netty works: the listener, its connections and what stands in front of them. */
@NullMarked
package io.mqttparty.netty.internal;

import org.jspecify.annotations.NullMarked;
