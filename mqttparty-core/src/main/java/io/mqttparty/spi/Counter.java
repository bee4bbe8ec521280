package io.mqttparty.spi;

/** What a broker counts, since its start. Messages that were not delivered are counted by {@link DropReason}. */
public enum Counter {
    /** Connections that the transport handed over. */
    CONNECTIONS_OPENED,
    /** Connections that are over. */
    CONNECTIONS_CLOSED,
    /** Connections closed at once because there were too many. */
    CONNECTIONS_OVER_LIMIT,
    /** Connections that were accepted with CONNACK 0. */
    CONNECTS_ACCEPTED,
    /** CONNECT packets that were answered with another code, or with none. */
    CONNECTS_REFUSED,
    /** Connections closed because bytes did not form a packet, or one beyond a limit. */
    MALFORMED_PACKETS,
    /** Connections closed because a packet was not allowed. */
    PROTOCOL_VIOLATIONS,
    /** Connections closed because CONNECT did not come in time. */
    CONNECT_TIMEOUTS,
    /** Connections closed because nothing came for one and a half times the keep alive. */
    KEEP_ALIVE_TIMEOUTS,
    /** Connections closed because their socket took nothing for the write timeout. */
    WRITE_TIMEOUTS,
    /** Connections closed because most was waiting for them when the byte budget of the broker was used up. */
    BACKLOGS_SHED,
    /** Connections closed because another one took their session over. */
    TAKEOVERS,
    /** Reads from sockets. */
    READS,
    /** Bytes that came. */
    BYTES_RECEIVED,
    /** Buffers handed to sockets. */
    WRITES,
    /** Flushes of sockets. */
    FLUSHES,
    /** Bytes that left. */
    BYTES_SENT,
    /** PUBLISH packets that came. */
    PUBLISHES_RECEIVED,
    /** PUBLISH packets that left. */
    PUBLISHES_SENT,
    /** Calls of an SPI that failed, threw or took too long. */
    SPI_FAILURES,
    /** Publishes that failed, so that nothing was acknowledged and the connection was closed. */
    PUBLISHES_FAILED,
    /** Wills that were published. */
    WILLS_PUBLISHED,
    /** Times that reading from a publisher was paused to hold it back. */
    PUBLISHERS_HELD,
    /** Times that a publisher was not held for the deep queue of a client on another node, because the depth of too many queues is watched. */
    DEEP_QUEUES_UNWATCHED,
    /** QoS 0 messages that were forwarded to the node of their client. */
    QOS0_FORWARDED,
    /** Look-ups of the node of a client, for QoS 0. */
    OWNER_LOOKUPS,
    /** Calls of other nodes, or to them, that were refused because too many are open. */
    NODE_CALLS_REFUSED,
    /** Requests of the application to clients that were refused because too many of this node wait for their replies. */
    REQUESTS_REFUSED,
    /** Times that this node's membership of the cluster was lost, and all its connections with it. */
    MEMBERSHIPS_LOST,
    /** Times that records which other nodes had sent to this one were lost. */
    BUS_GAPS,
    /** Messages that waited before they were routed, because the mirror of the routes was not fresh. */
    ROUTES_AWAITED,
    /** Connections to other nodes that were over because those were gone, as far as this node cleared up after them. */
    CONNECTIONS_LOST_ELSEWHERE,
    /** Those of them that listeners were not told of, because too many waited for it. */
    LOST_CONNECTIONS_UNTOLD,
    /** Ends of connections that the store was not told of, because too many waited for it already. */
    DETACHES_ABANDONED,
    /** Sessions that expired. */
    SESSIONS_EXPIRED
}
