package io.mqttparty.netty.internal;

import io.netty.channel.Channel;

/**
 * Something between the socket and the connection, such as the PROXY header. A listener has a list of them, in the order from the socket on;
 * plain TCP has none.
 */
public interface PipelineStage {
    /**
     * Adds its handlers in front of the connection, on the connection's loop. A handler that must finish something before the connection
     * begins keeps {@code channelActive} to itself until then.
     */
    void addTo(Channel channel, NettyConnection connection);
}
