package io.mqttparty.internal.session;

/**
 * How much one connection may hold.
 *
 * @param receiveMaximum open deliveries at QoS 1 and 2
 * @param queueMessages messages that wait for the window
 * @param queueBytes their bytes
 * @param inboundQos2 open QoS 2 exchanges of the client
 * @param keepAliveNanos the longest keep alive, also for a client that asks for none
 */
public record SessionLimits(
        int receiveMaximum, int queueMessages, long queueBytes, int inboundQos2, long keepAliveNanos) {}
