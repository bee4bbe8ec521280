package io.mqttparty.interop;

/**
 * One client library, driven in the same way as every other. Ports are of 127.0.0.1. Each method waits for what it promises and fails with an
 * {@link AssertionError} if that does not come in time.
 */
interface ClientDriver {
    /** Skips the test, or fails it, if the library cannot run on this machine. */
    default void require() {}

    /** Connects, publishes every payload in its order without waiting in between, and disconnects when the last one is acknowledged. */
    void publish(int port, Outgoing messages);

    /** Connects without a session from before and subscribes. Returns when SUBACK has granted the QoS that was asked for. */
    Subscriber subscribe(int port, Subscribing how);

    /**
     * Connects to the session from before. Returns when CONNACK has confirmed it. Nothing is subscribed again, unless the library cannot do
     * without.
     */
    Subscriber resume(int port, Subscribing how);
}
