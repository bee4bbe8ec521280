package io.mqttparty.internal.broker;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;

/** Somebody on this node who takes messages without a queue in the store: a transient session, or the application itself. */
interface LocalSubscriber {
    /** Where {@link #deliver} has to be called. */
    LoopContext loop();

    /** Takes a message; the QoS is the lower of its own and this grant. */
    void deliver(Message message, QoS grant);

    /** Whether publishers should be held back; may be asked on any thread. */
    boolean isCongested();

    /** Holds this publisher until there is room, but not for ever; on the publisher's loop. */
    void holdBack(ConnectionDriver publisher);
}
