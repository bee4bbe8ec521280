/**
 * How bytes reach the broker and leave it. A {@link io.mqttparty.spi.transport.Transport} moves bytes and knows nothing of MQTT; the broker
 * understands them and opens no socket. Everything of one connection happens on its {@link io.mqttparty.spi.transport.EventLoop}.
 */
@NullMarked
package io.mqttparty.spi.transport;

import org.jspecify.annotations.NullMarked;
