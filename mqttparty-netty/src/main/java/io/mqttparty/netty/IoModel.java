package io.mqttparty.netty;

/** How the event loops that a {@link NettyTransport} makes for itself wait for their sockets. */
public enum IoModel {
    /** {@link #EPOLL} where it can be had, else {@link #NIO}. */
    AUTO,
    /** Java's own selectors: everywhere, without further jars. */
    NIO,
    /**
     * Linux' epoll through Netty's native library: less work per event and less memory per connection. It needs the jars {@code
     * netty-transport-classes-epoll} and {@code netty-transport-native-epoll} with the classifier of the machine.
     */
    EPOLL
}
