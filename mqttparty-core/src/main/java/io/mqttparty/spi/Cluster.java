package io.mqttparty.spi;

/** What makes several nodes one broker. With one node it is all in memory. */
public interface Cluster {
    /** Where messages go. */
    RouteLog routes();

    /** Members, and how they talk. */
    ClusterBus bus();

    /** Where clients are. */
    Presence presence();
}
