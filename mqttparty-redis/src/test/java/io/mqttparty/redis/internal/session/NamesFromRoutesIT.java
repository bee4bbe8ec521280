package io.mqttparty.redis.internal.session;

import static io.mqttparty.redis.internal.session.Scene.A;
import static io.mqttparty.redis.internal.session.Scene.B;
import static io.mqttparty.redis.internal.session.Scene.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.internal.memory.MemoryBackend;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that comes back to a node which has never seen it: how many scripts that takes. The route log is one in memory. */
final class NamesFromRoutesIT {
    private final Scene scene = new Scene();
    private final MemoryBackend memory = new MemoryBackend();
    private final RedisSessions elsewhere = new RedisSessions(scene.redis.context());
    private final Sink sink = new Sink();
    private Attached first;

    @BeforeEach
    void subscribeAndLeave() {
        for (var node : List.of(A, B)) {
            await(memory.cluster().bus().join(node, new Deaf()));
        }
        AttachRequest request = scene.request(A, "c");
        Attached inMemory = await(memory.sessions().attach(request));
        first = scene.attach(request);
        assertThat(first.session()).isEqualTo(inMemory.session());
        await(memory.sessions().subscribe(inMemory.fence(), change()));
        scene.subscribe(first.fence(), "x");
        scene.detach(first);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void attach_unknown_takesTwoScripts() {
        assertThat(scriptsOfAttach()).isEqualTo(2);
    }

    @Test
    void attach_theRouteLogSpokeOfIt_takesOneScript() {
        RouteLog log = elsewhere.listeningTo(memory.cluster().routes());
        await(log.follow(B, sink));

        assertThat(scriptsOfAttach()).isEqualTo(1);
        assertThat(sink.changes)
                .extracting(change -> ((RouteChange.SessionRoutes) change).session())
                .containsExactly(first.session());
    }

    @Test
    void attach_theRouteLogSpokeOfAnother_takesTwoScriptsAndIsRight() {
        RouteLog log = elsewhere.listeningTo(memory.cluster().routes());
        await(log.follow(B, sink));
        scene.detach(scene.attachTransient(A, "c"));
        Attached fresh = scene.attach(A, "c");
        scene.detach(fresh);

        assertThat(scriptsOfAttach()).isEqualTo(2);
        assertThat(await(elsewhere.attach(scene.request(B, "c"))).session()).isEqualTo(fresh.session());
    }

    private long scriptsOfAttach() {
        var client = scene.redis.client();
        client.resetStatistics();
        assertThat(await(elsewhere.attach(scene.request(B, "c"))).present()).isTrue();
        return client.commandCalls().get("evalsha");
    }

    private static SubscriptionChange change() {
        return new SubscriptionChange(List.of(Subscription.of("x", QoS.AT_LEAST_ONCE)), List.of(), 10);
    }

    private static final class Sink implements RouteLog.RouteSink {
        private final List<RouteChange> changes = new ArrayList<>();

        @Override
        public void beginSnapshot() {}

        @Override
        public void endSnapshot(RoutePosition position) {}

        @Override
        public void apply(RouteChange change, RoutePosition position) {
            changes.add(change);
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void freshAsOf(long nanoTime) {}
    }
}
