package io.mqttparty;

import static java.util.Objects.requireNonNull;

import io.mqttparty.internal.broker.Application;
import io.mqttparty.internal.broker.BrokerConfig;
import io.mqttparty.internal.broker.BrokerNode;
import io.mqttparty.internal.broker.BrokerRuntime;
import io.mqttparty.internal.broker.PublishOutcome;
import io.mqttparty.model.Limits;
import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.Subscription;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Outbox;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT broker inside your service.
 *
 * <pre>{@code
 * MqttParty broker = MqttParty.builder()
 *         .listener(NettyTransport.tcp(1883))
 *         .allowAnonymous()
 *         .build();
 * broker.start().toCompletableFuture().join();
 * }</pre>
 *
 * <p>A broker is started once and closed once. All methods may be called from any thread. It starts no thread of its own: it runs on the event
 * loops of its listeners. Several brokers can live in one JVM.
 */
public final class MqttParty implements AutoCloseable {
    /** {@link #close()} takes no longer than this, in seconds. */
    private static final long CLOSE_SECONDS = 15;

    private final BrokerConfig config;
    private final BrokerNode node;
    private final Extensions extensions;
    private @Nullable CompletableFuture<MqttParty> starting;
    private volatile @Nullable BrokerRuntime runtime;
    private volatile boolean closed;

    MqttParty(BrokerConfig config, List<Extension> extensions) {
        this.config = config;
        this.node = new BrokerNode(config);
        this.extensions = new Extensions(extensions);
    }

    /** Begins the description of a broker. */
    public static MqttPartyBuilder builder() {
        return new MqttPartyBuilder();
    }

    /**
     * Opens the listeners and begins the extensions. The stage completes with this broker when it serves, and fails with {@link MqttPartyException} if it cannot; then
     * everything is closed again.
     *
     * @throws IllegalStateException if it was started or closed before
     */
    public synchronized CompletionStage<MqttParty> start() {
        if (starting != null || closed) {
            throw new IllegalStateException("broker: started or closed before (expected: start once)");
        }
        starting = new CompletableFuture<>();
        CompletableFuture<MqttParty> result = starting;
        var unused = node.start()
                .thenCompose(started -> {
                    runtime = started;
                    return extensions.start(this);
                })
                .whenComplete((begun, failure) -> {
                    if (failure == null) {
                        result.complete(this);
                    } else {
                        end().whenComplete((ended, ignored) -> result.completeExceptionally(asOurs(failure)));
                    }
                });
        return result;
    }

    private static Throwable asOurs(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof MqttPartyException
                ? cause
                : new MqttPartyException("the broker cannot start: " + cause.getMessage(), cause);
    }

    private CompletionStage<Void> end() {
        return node.stop(extensions::stop);
    }

    /**
     * Stops in order: takes no more connections, ends the extensions, ends those that are open without publishing wills, waits until their sessions are detached, and
     * closes the listeners. The stage completes in bounded time; what a backend or an event loop group was given stays open.
     */
    public synchronized CompletionStage<Void> stop() {
        closed = true;
        CompletableFuture<MqttParty> begun = starting;
        if (begun == null) {
            return extensions.stop();
        }
        return begun.handle((broker, failure) -> failure == null).thenCompose(served -> end());
    }

    /**
     * {@link #stop()}, waited for. It can be called more than once, but not on an event loop of the broker, which would wait for itself.
     *
     * @throws MqttPartyException if it takes longer than 15 seconds
     */
    @Override
    public void close() {
        try {
            stop().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new MqttPartyException("the broker did not close", e.getCause());
        } catch (TimeoutException e) {
            throw new MqttPartyException("the broker did not close in " + CLOSE_SECONDS + " s", e);
        }
    }

    /** The ports of the listeners in the order of the builder, known once started; 0 for a listener that has none. */
    public List<Integer> ports() {
        return node.ports();
    }

    /** The port of the first listener. */
    public int port() {
        return node.ports().get(0);
    }

    /** Whether clients may connect: it has started, is not closing, and is a member of its cluster. */
    public boolean isReady() {
        BrokerRuntime broker = runtime;
        return broker != null && !closed && broker.isServing();
    }

    /** How much is taken from clients and kept for them. */
    public Limits limits() {
        return config.limits();
    }

    /** The id of this run of this node. */
    public NodeId nodeId() {
        return running().nodeId();
    }

    /**
     * Publishes a message as the application. It is not authorised, not intercepted and goes to no upstream. The stage completes when every
     * durable leg has answered, and fails if one does.
     */
    public CompletionStage<DeliveryResult> publish(Message message) {
        requireNonNull(message, "message");
        BrokerRuntime broker = runtime;
        if (closed || broker == null) {
            return CompletableFuture.completedFuture(new DeliveryResult(DeliveryResult.Outcome.REFUSED, 0, 0));
        }
        return new Application(broker).publish(message).thenApply(MqttParty::result);
    }

    private static DeliveryResult result(PublishOutcome outcome) {
        DeliveryResult.Outcome best = outcome.delivered() > 0
                ? DeliveryResult.Outcome.DELIVERED
                : outcome.queued() > 0 ? DeliveryResult.Outcome.QUEUED : DeliveryResult.Outcome.NO_SUBSCRIBER;
        return new DeliveryResult(best, outcome.delivered(), outcome.queued());
    }

    /**
     * Subscribes the application to live messages; retained ones are not sent to it. The stage completes when messages come.
     *
     * @param listener called on the broker's first event loop, one message after the other: it must not block. What it throws is logged.
     * @return what ends the subscription
     */
    public CompletionStage<Registration> subscribe(Subscription subscription, Consumer<Message> listener) {
        requireNonNull(listener, "listener");
        return new Application(running())
                .subscribe(requireNonNull(subscription, "subscription"), listener)
                .thenApply(end -> end::run);
    }

    /** The clients, one by one. */
    public Clients clients() {
        return new Clients(new Application(running()), config.clock());
    }

    /**
     * Messages on their way to an upstream, for {@link io.mqttparty.spi.Upstream}s that acknowledge before they deliver, and for whoever looks after what they
     * could not deliver. It serves once the broker has started.
     */
    public Outbox outbox() {
        return config.outbox();
    }

    /** How often this has happened since the start. */
    public long count(Counter counter) {
        return running().count(counter);
    }

    /** How many messages were dropped for this reason since the start. */
    public long count(DropReason reason) {
        return running().count(reason);
    }

    /** The connections that are open now, accepted or not. */
    public int connections() {
        return running().connections();
    }

    private BrokerRuntime running() {
        BrokerRuntime broker = runtime;
        if (broker == null) {
            throw new IllegalStateException("broker: not started (expected: call start() and wait for it)");
        }
        return broker;
    }

    /** Something that can be ended. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        /** Ends it; can be called more than once. */
        @Override
        void close();
    }
}
