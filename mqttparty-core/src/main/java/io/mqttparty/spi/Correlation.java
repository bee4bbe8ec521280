package io.mqttparty.spi;

/**
 * Joins an answer of another node with the call that it answers. Only the node that made it knows what it stands for; others give it back as it
 * came.
 *
 * @param number counts the calls of one run of a node
 * @param random makes it impossible to guess, and an answer that is meant for another run harmless
 */
public record Correlation(long number, long random) {}
