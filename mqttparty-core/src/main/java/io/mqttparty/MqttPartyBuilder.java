package io.mqttparty;

import static java.util.Objects.requireNonNull;

import io.mqttparty.internal.broker.BrokerConfig;
import io.mqttparty.internal.broker.Timeouts;
import io.mqttparty.internal.broker.UpstreamRoute;
import io.mqttparty.model.Limits;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Authenticator;
import io.mqttparty.spi.Authorizer;
import io.mqttparty.spi.Backend;
import io.mqttparty.spi.BrokerListener;
import io.mqttparty.spi.Cluster;
import io.mqttparty.spi.Interceptor;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.RetainedStore;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.Upstream;
import io.mqttparty.spi.transport.Transport;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Describes a broker. Each method checks its value and returns this builder; a value that can be set once refuses a second one. Not for use by
 * several threads. What is given stays the caller's: the broker closes only what it made itself.
 */
public final class MqttPartyBuilder {
    private final List<Transport> listeners = new ArrayList<>();
    private final List<UpstreamRoute> upstreams = new ArrayList<>();
    private final List<BrokerListener> brokerListeners = new ArrayList<>();
    private final List<Extension> extensions = new ArrayList<>();
    private @Nullable String nodeName;
    private @Nullable Backend backend;
    private @Nullable SessionStore sessionStore;
    private @Nullable RetainedStore retainedStore;
    private @Nullable Cluster cluster;
    private @Nullable Outbox outbox;
    private @Nullable Authenticator authenticator;
    private @Nullable Authorizer authorizer;
    private @Nullable Interceptor interceptor;
    private @Nullable Limits limits;
    private @Nullable InstantSource clock;
    private @Nullable RandomGenerator random;
    private boolean anonymous;

    MqttPartyBuilder() {}

    /** A way for clients to reach the broker. At least one; more by calling it again. */
    public MqttPartyBuilder listener(Transport transport) {
        listeners.add(requireNonNull(transport, "listener"));
        return this;
    }

    /** The part of the node's id that is for people: 1 to 64 characters of {@code A-Z a-z 0-9 - _}. Otherwise {@code node}. */
    public MqttPartyBuilder nodeName(String name) {
        if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("nodeName: " + name + " (expected: 1 to 64 of A-Z a-z 0-9 - _)");
        }
        nodeName = once("nodeName", nodeName, name);
        return this;
    }

    /** Where state is kept. Otherwise in memory: one node, gone when it ends. */
    public MqttPartyBuilder backend(Backend value) {
        backend = once("backend", backend, value);
        return this;
    }

    /** Keeps sessions instead of the backend's own store. */
    public MqttPartyBuilder sessionStore(SessionStore value) {
        sessionStore = once("sessionStore", sessionStore, value);
        return this;
    }

    /** Keeps retained messages instead of the backend's own store. */
    public MqttPartyBuilder retainedStore(RetainedStore value) {
        retainedStore = once("retainedStore", retainedStore, value);
        return this;
    }

    /** Connects nodes instead of the backend's own cluster. */
    public MqttPartyBuilder cluster(Cluster value) {
        cluster = once("cluster", cluster, value);
        return this;
    }

    /** Keeps messages on their way to an upstream instead of the backend's own outbox: {@link MqttParty#outbox()}. */
    public MqttPartyBuilder outbox(Outbox value) {
        outbox = once("outbox", outbox, value);
        return this;
    }

    /** Decides who may connect. Needed, unless {@link #allowAnonymous()} was called. */
    public MqttPartyBuilder authenticator(Authenticator value) {
        authenticator = once("authenticator", authenticator, value);
        return this;
    }

    /** Lets everybody connect, whatever user name and password they send. */
    public MqttPartyBuilder allowAnonymous() {
        anonymous = true;
        return this;
    }

    /** Decides who may publish and subscribe to what. Otherwise everybody who is connected may do everything. */
    public MqttPartyBuilder authorizer(Authorizer value) {
        authorizer = once("authorizer", authorizer, value);
        return this;
    }

    /** Sees and may change or drop what clients publish. */
    public MqttPartyBuilder interceptor(Interceptor value) {
        interceptor = once("interceptor", interceptor, value);
        return this;
    }

    /**
     * Sends what clients publish to topics of this filter to an upstream too, and lets the acknowledgement wait for it. Any number.
     *
     * @throws IllegalArgumentException if the filter is a shared subscription, or the upstream has a {@linkplain Upstream#timeLimit() time limit} that is not longer than nothing, or longer than a year
     */
    public MqttPartyBuilder upstream(TopicFilter filter, Upstream upstream) {
        if (filter.isShared()) {
            throw new IllegalArgumentException("upstream: " + filter + " (expected: a filter that is not shared)");
        }
        upstreams.add(UpstreamRoute.of(filter, requireNonNull(upstream, "upstream")));
        return this;
    }

    /** Is told what happens. Any number. */
    public MqttPartyBuilder brokerListener(BrokerListener value) {
        brokerListeners.add(requireNonNull(value, "brokerListener"));
        return this;
    }

    /**
     * A part that registers itself here, and begins and ends with the broker. Any number.
     *
     * @throws IllegalStateException if it is here already, or another one that does what {@linkplain Extension#exclusive only one may do}
     */
    public MqttPartyBuilder extension(Extension value) {
        if (extensions.contains(requireNonNull(value, "extension"))) {
            throw new IllegalStateException("extension: " + value + " (expected: set once)");
        }
        value.exclusive().ifPresent(this::checkExclusive);
        extensions.add(value);
        value.install(this);
        return this;
    }

    private void checkExclusive(String what) {
        if (extensions.stream()
                .anyMatch(each -> each.exclusive().filter(what::equals).isPresent())) {
            throw new IllegalStateException("extension: a second one for " + what + " (expected: one)");
        }
    }

    /** How much is taken from clients and kept for them. Otherwise {@link Limits#DEFAULTS}. */
    public MqttPartyBuilder limits(Limits value) {
        limits = once("limits", limits, value);
        return this;
    }

    /** The time of day, for deadlines and expiry. Otherwise the system's. */
    public MqttPartyBuilder clock(InstantSource value) {
        clock = once("clock", clock, value);
        return this;
    }

    /** For ids of nodes, clients and messages; used by several threads. Otherwise a {@link SecureRandom}. */
    public MqttPartyBuilder random(RandomGenerator value) {
        random = once("random", random, value);
        return this;
    }

    private static <T> T once(String name, @Nullable T before, T value) {
        requireNonNull(value, name);
        if (before != null) {
            throw new IllegalStateException(name + ": " + value + " (expected: set once, it is " + before + ")");
        }
        return value;
    }

    /**
     * The broker, not started yet.
     *
     * @throws IllegalStateException if there is no listener, or nobody has said who may connect
     */
    public MqttParty build() {
        if (listeners.isEmpty()) {
            throw new IllegalStateException("listener: none (expected: at least one)");
        }
        if ((authenticator == null) != anonymous) {
            throw new IllegalStateException(
                    anonymous
                            ? "allowAnonymous: called (expected: not with an authenticator)"
                            : "authenticator: none (expected: one, or allowAnonymous())");
        }
        Limits l = limits == null ? Limits.DEFAULTS : limits;
        InstantSource time = clock == null ? InstantSource.system() : clock;
        Backend state = backend == null ? MemoryBackend.create(l, time) : backend;
        Authenticator who = authenticator == null
                ? request -> CompletableFuture.completedFuture(Authenticator.Result.accepted())
                : authenticator;
        BrokerConfig config = new BrokerConfig(
                nodeName == null ? "node" : nodeName,
                listeners,
                state::start,
                sessionStore == null ? state.sessions() : sessionStore,
                retainedStore == null ? state.retained() : retainedStore,
                cluster == null ? state.cluster() : cluster,
                outbox == null ? state.outbox() : outbox,
                who,
                authorizer,
                interceptor,
                upstreams,
                brokerListeners,
                l,
                Timeouts.DEFAULTS,
                time,
                random == null ? new SecureRandom() : random);
        return new MqttParty(config, List.copyOf(extensions));
    }
}
