package io.mqttparty.spi;

import io.mqttparty.model.Message;

/**
 * A record of a session's queue.
 *
 * @param seq its place: 65,536 for the first, then one more each; a gap means that records were dropped or withdrawn
 * @param message the message, with the QoS that it is delivered with
 */
public record Queued(long seq, Message message) {}
