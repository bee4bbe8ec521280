package io.mqttparty.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Backend;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.RetainedStore;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Subscribed;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import io.mqttparty.spi.Targets;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every contract needs: a backend with two nodes, and words to speak with it. */
public abstract class BackendContract {
    /** What a queue of the backend holds: small, so that the limits can be reached. */
    static final int QUEUE_MESSAGES = 200;

    static final long QUEUE_BYTES = 64 * 1024;

    private static final int SUBSCRIPTIONS = 1_000;
    private static final long POLL_NANOS = 1_000_000;

    private final AtomicLong tokens = new AtomicLong();
    private final ContractClock clock = new ContractClock();
    private Backend backend;
    private ContractNode node1;
    private ContractNode node2;

    // ---- what a store of your own provides ----

    /** A new backend without any state, not started yet. */
    protected abstract Backend newBackend(Setup setup);

    /** Frees what {@link #newBackend} made; called after each test. Does nothing unless overridden. */
    protected void release(Backend backend) {}

    /** Lets a few seconds pass for the backend. Unless overridden, it moves the clock of the setup; a store with a clock of its own waits. */
    protected void elapse(Duration duration) {
        clock.advance(duration);
    }

    /** How many messages a queue may hold beyond its limit, for stores that trim in steps. */
    protected int overshoot() {
        return 0;
    }

    /** How long an answer may take. */
    protected Duration timeLimit() {
        return Duration.ofSeconds(10);
    }

    /**
     * How the backend is to be made.
     *
     * @param clock for everything that depends on time
     * @param queueMessages the most messages of one queue
     * @param queueBytes the most bytes of one queue
     */
    public record Setup(InstantSource clock, int queueMessages, long queueBytes) {}

    // ---- life ----

    @BeforeEach
    final void openBackend() {
        backend = newBackend(new Setup(clock, QUEUE_MESSAGES, QUEUE_BYTES));
        await(backend.start());
        node1 = new ContractNode(this, newNodeId("one"));
        node2 = new ContractNode(this, newNodeId("two"));
    }

    @AfterEach
    final void closeBackend() {
        await(backend.cluster().bus().leave(node1.id()));
        await(backend.cluster().bus().leave(node2.id()));
        release(backend);
    }

    // ---- words ----

    final Backend backend() {
        return backend;
    }

    final SessionStore sessions() {
        return backend.sessions();
    }

    final RetainedStore retained() {
        return backend.retained();
    }

    final RouteLog routes() {
        return backend.cluster().routes();
    }

    final ContractNode node1() {
        return node1;
    }

    final ContractNode node2() {
        return node2;
    }

    final ContractClock clock() {
        return clock;
    }

    static NodeId newNodeId(String name) {
        long random = UUID.randomUUID().getLeastSignificantBits();
        return new NodeId("%s.%08x".formatted(name, random & 0xFFFF_FFFFL));
    }

    final Token newToken(NodeId node) {
        return new Token(node + "-" + tokens.incrementAndGet());
    }

    /** The result of a stage, which has to come in time. */
    final <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(timeLimit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the store did not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Waits until an assertion holds: at once for a store that completes during the call, soon for one that writes behind. */
    final void eventually(Runnable assertion) {
        long deadline = System.nanoTime() + timeLimit().toNanos();
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() - deadline >= 0) {
                    throw e;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    /** A connection to come: of a persistent session at node 1, unless told otherwise. */
    final Connecting connect(String client) {
        return new Connecting(this, ClientId.of(client));
    }

    /** A persistent session with no connection. */
    final Attached offline(String client) {
        Attached attached = connect(client).attach();
        assertThat(await(sessions().detach(attached.fence(), SessionStore.Detach.CLEAN, 0)))
                .isEqualTo(FenceResult.OK);
        return attached;
    }

    static Message message(String payload) {
        return Message.of("t/" + payload, payload, QoS.AT_LEAST_ONCE);
    }

    static Message retainedMessage(String topic, String payload) {
        return Message.of(topic, payload, QoS.AT_LEAST_ONCE).withRetain(true);
    }

    static Leg leg(Attached session) {
        return new Leg(session.session(), QoS.EXACTLY_ONCE);
    }

    static Leg leg(Attached session, QoS grant) {
        return new Leg(session.session(), grant);
    }

    static Targets to(Leg... legs) {
        return new Targets(List.of(legs), Set.of(), List.of());
    }

    static MessageId messageId(long number) {
        return new MessageId(number, ~number);
    }

    /** Enqueues and waits for all legs. */
    final List<Enqueued> enqueue(Message message, Leg... legs) {
        EnqueueProbe probe = new EnqueueProbe(legs.length);
        sessions().enqueue(message, List.of(legs), probe);
        return await(probe.done());
    }

    /** Enqueues messages with these payloads. */
    final void enqueueAll(Attached session, String... payloads) {
        for (String payload : payloads) {
            assertThat(enqueue(message(payload), leg(session)).get(0).seq()).isPositive();
        }
    }

    /** The whole queue. */
    final List<Queued> queue(Attached session) {
        return queue(session.session());
    }

    final List<Queued> queue(SessionRef session) {
        return await(sessions().read(session, SessionStore.FIRST_SEQ - 1, 100_000));
    }

    static List<String> payloads(List<Queued> records) {
        return records.stream()
                .map(record -> record.message().payload().asUtf8String())
                .toList();
    }

    static List<Long> seqs(List<Queued> records) {
        return records.stream().map(Queued::seq).toList();
    }

    final Subscribed subscribe(Fence fence, Subscription... subscriptions) {
        return await(
                sessions().subscribe(fence, new SubscriptionChange(List.of(subscriptions), List.of(), SUBSCRIPTIONS)));
    }

    final Subscribed unsubscribe(Fence fence, String... filters) {
        List<TopicFilter> remove =
                List.of(filters).stream().map(TopicFilter::of).toList();
        return await(sessions().subscribe(fence, new SubscriptionChange(List.of(), remove, SUBSCRIPTIONS)));
    }

    final Map<ClientId, Presence.Entry> locate(String... clients) {
        return await(backend.cluster()
                .presence()
                .locate(List.of(clients).stream().map(ClientId::of).toList()));
    }

    /** What is known of a client that has a session. */
    final Presence.Entry entry(String client) {
        Presence.Entry entry = locate(client).get(ClientId.of(client));
        if (entry == null) {
            throw new AssertionError("client: " + client + " unknown (expected: a session)");
        }
        return entry;
    }
}
