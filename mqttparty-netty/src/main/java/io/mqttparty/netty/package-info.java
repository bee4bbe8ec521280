/** The transport on Netty. */
@NullMarked
package io.mqttparty.netty;

import org.jspecify.annotations.NullMarked;
