package io.mqttparty.http.spi;

/** What the uplink counts, since it was built. */
public enum HttpCounter {
    /** Requests that were sent, each try. */
    REQUESTS,
    /** Of these the ones that were sent again after a failure. */
    RETRIES,
    /** Messages that the backend has taken: an answer of 2xx. */
    DELIVERED,
    /** Messages that the backend refused for good: an answer of 3xx, or of 4xx other than 408, 425 and 429. */
    REFUSED,
    /** Messages that have no URL, since a value of it cannot be a segment of a path. */
    UNADDRESSABLE,
    /** Messages that could not be delivered in time; at QoS 1 and 2 under {@code ON_2XX} the device sends them again. */
    GIVEN_UP,
    /** Messages that were not taken since too many wait, of all clients or of one; counted in {@link #GIVEN_UP} too. */
    BACKLOG_FULL,
    /** Messages of QoS 0, or acknowledged at once, that were given up: they are lost, unless a dead letter was published. Also events of clients, of which too many came before the broker ran. */
    LOST,
    /** Messages that were published to the dead letter topic. */
    DEAD_LETTERS,
    /** Tries that had no whole answer in time. */
    TIMEOUTS,
    /** Tries that had no connection, or lost it before the answer. */
    CONNECTION_FAILURES,
    /** Tries that were answered with 408, 425, 429 or 5xx. */
    ERROR_ANSWERS,
    /** Times that a message was held back, since the backend had asked for time with {@code Retry-After}, maybe in its answer to another one. */
    HELD_BACK,
    /** Clients that may be sent for earlier than the backend asked, since it has asked so for more than 10,000 of a route. */
    HOLDS_FORGOTTEN,
    /** Requests that an HTTP/2 server did not take since it had too many; they are sent again and are no tries. */
    STREAMS_REFUSED,
    /** Times that a backend began to get no requests for a while, since it failed so often in a row; a single request in between that fails too is not counted again. */
    BREAKER_OPENED,
    /** Answers that were handed on to a device. */
    REPLIES_SENT,
    /** Answers that did not reach the device: too large, broken off, without a valid topic, or the device is gone. */
    REPLIES_LOST,
    /** Messages that this node has put into the outbox. */
    OUTBOX_APPENDED,
    /** Messages that it could not put there, such as when it is full; at QoS 1 and 2 the device sends them again. */
    OUTBOX_REFUSED,
    /** Tries out of the outbox that failed, and are made again later. */
    OUTBOX_RETRIES,
    /** Messages that this node has made dead letters of the outbox, refused for good or tried too often. */
    OUTBOX_DEAD_LETTERS,
    /** Entries of the outbox that were passed over, since this version cannot read them; each time they were. */
    OUTBOX_UNREADABLE,
    /** Calls of the outbox that failed and are made again, other than those that put messages there. */
    OUTBOX_FAILURES
}
