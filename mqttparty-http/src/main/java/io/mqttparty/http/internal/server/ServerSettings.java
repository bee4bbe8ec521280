package io.mqttparty.http.internal.server;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Optional;

/**
 * How the server of the downlink serves.
 *
 * @param host local address or name to listen on
 * @param port 0 for any free one
 * @param group event loops for NIO that are given; it makes its own if there are none
 * @param connections how many may be open
 * @param targetBytes the longest first line of a request
 * @param headerBytes the largest header, without the first line
 * @param requestTime how long a request may take to come, from its first byte to its last, and a response to be read
 * @param idleTime how long a connection may be silent between requests; before the first it is the request time
 * @param stopTime how long requests that are open may go on once it is told to stop
 */
public record ServerSettings(
        String host,
        int port,
        Optional<EventLoopGroup> group,
        int connections,
        int targetBytes,
        int headerBytes,
        Duration requestTime,
        Duration idleTime,
        Duration stopTime) {}
