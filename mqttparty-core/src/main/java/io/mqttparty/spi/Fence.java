package io.mqttparty.spi;

import io.mqttparty.model.ClientId;

/**
 * What a connection shows with each change to its session. The store refuses it as {@link FenceResult#STALE} once another connection has
 * attached.
 *
 * @param client whose session
 * @param token of the attach
 * @param epoch that the attach was given; grows with each attach of the client
 */
public record Fence(ClientId client, Token token, long epoch) {}
