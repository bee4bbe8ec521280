package io.mqttparty.spi;

/** Why a message did not reach a client, or was not passed on for one. Each has a counter of its own. */
public enum DropReason {
    /** The QoS 0 backlog of the connection was at its limit. */
    QOS0_BACKLOG_FULL,
    /** The queue of the session was at its limit, and the oldest messages made room. */
    QUEUE_FULL,
    /** QoS 0 for a client that was not connected. */
    OFFLINE_QOS0,
    /** QoS 0 for a client that had left the node to which the message was forwarded. */
    MOVED_QOS0,
    /** QoS 0 for a client whose node could not be found out: the look-up failed, or too many messages waited for it. */
    OWNER_UNKNOWN,
    /** The deadline of the message had passed. */
    EXPIRED,
    /** The authorizer did not let the publisher publish it. */
    NOT_AUTHORIZED_TO_PUBLISH,
    /** The authorizer did not let the client receive it. */
    NOT_AUTHORIZED_TO_RECEIVE,
    /** The interceptor dropped it. */
    INTERCEPTED,
    /** A client published to a topic that only the broker may use. */
    RESERVED_TOPIC,
    /** The shared subscription that it was for had no member any more. */
    GROUP_EMPTY
}
