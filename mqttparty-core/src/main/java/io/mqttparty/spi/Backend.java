package io.mqttparty.spi;

import java.util.concurrent.CompletionStage;

/**
 * Everything that keeps state, in one: so that one line of the builder sets it. Each part can be replaced alone. The broker starts and closes
 * the backend that it made itself; one that was given to it is started with it and stays open.
 */
public interface Backend {
    /** A short name for logs and the ready line, such as {@code memory}. */
    String name();

    /** Prepares the backend; completes when it can serve. Called once by each broker that uses it. */
    CompletionStage<Void> start();

    /** Sessions. */
    SessionStore sessions();

    /** Retained messages. */
    RetainedStore retained();

    /** Routes, members and presence. */
    Cluster cluster();

    /** Messages on their way to an upstream. */
    Outbox outbox();
}
