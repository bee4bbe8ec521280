package io.mqttparty.spi;

import io.mqttparty.model.QoS;

/**
 * One persistent session that a message goes to.
 *
 * @param session whose queue
 * @param grant the most that its subscriptions grant; what is stored is the lower of this and the QoS of the message
 */
public record Leg(SessionRef session, QoS grant) {}
