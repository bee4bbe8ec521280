package io.mqttparty.internal.broker;

import io.mqttparty.model.Limits;
import io.mqttparty.spi.Authenticator;
import io.mqttparty.spi.Authorizer;
import io.mqttparty.spi.BrokerListener;
import io.mqttparty.spi.Cluster;
import io.mqttparty.spi.Interceptor;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.RetainedStore;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.transport.Transport;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a broker is made of, complete and checked.
 *
 * @param nodeName the part of the node id that is for people
 * @param transports the listeners
 * @param startBackend prepares the stores
 * @param sessions where sessions are kept
 * @param retained where retained messages are kept
 * @param cluster routes, members, presence
 * @param outbox messages on their way to an upstream
 * @param authenticator decides who may connect
 * @param authorizer decides who may do what; without one everything is allowed
 * @param interceptor may change what is published
 * @param upstreams where messages go besides subscribers
 * @param listeners are told what happens
 * @param limits of everything
 * @param timeouts of SPIs
 * @param clock the time of day
 * @param random for ids
 */
public record BrokerConfig(
        String nodeName,
        List<Transport> transports,
        Supplier<CompletionStage<Void>> startBackend,
        SessionStore sessions,
        RetainedStore retained,
        Cluster cluster,
        Outbox outbox,
        Authenticator authenticator,
        @Nullable Authorizer authorizer,
        @Nullable Interceptor interceptor,
        List<UpstreamRoute> upstreams,
        List<BrokerListener> listeners,
        Limits limits,
        Timeouts timeouts,
        InstantSource clock,
        RandomGenerator random) {
    /** Copies the lists. */
    public BrokerConfig {
        transports = List.copyOf(transports);
        upstreams = List.copyOf(upstreams);
        listeners = List.copyOf(listeners);
    }
}
