package io.mqttparty.testkit.robustness;

import static io.mqttparty.testkit.robustness.Scene.connectionOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MemoryBackend;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.spi.Backend;
import io.mqttparty.spi.Cluster;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.testkit.TestClient;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store or a bus that has too much to do: publishers wait, nothing is lost. */
class StoreCongestionTest {
    private final AtomicBoolean congested = new AtomicBoolean();

    private <T> T congestible(Class<T> part, T real) {
        return part.cast(Proxy.newProxyInstance(
                part.getClassLoader(), new Class<?>[] {part}, (proxy, method, arguments) -> {
                    if (method.getName().equals("isCongested")) {
                        return congested.get();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private record Parts(RouteLog routes, ClusterBus bus, Presence presence) implements Cluster {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void store_congested_publisherIsReadAgainWhenItIsNot(int qos) {
        Backend backend = MemoryBackend.create();
        SessionStore sessions = congestible(SessionStore.class, backend.sessions());
        assertPublisherWaits(qos, b -> b.backend(backend).sessionStore(sessions));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void bus_congested_publisherIsReadAgainWhenItIsNot(int qos) {
        Backend backend = MemoryBackend.create();
        Cluster real = backend.cluster();
        Cluster cluster = new Parts(real.routes(), congestible(ClusterBus.class, real.bus()), real.presence());
        assertPublisherWaits(qos, b -> b.backend(backend).cluster(cluster));
    }

    private void assertPublisherWaits(int qos, Consumer<MqttPartyBuilder> parts) {
        try (Scene scene = Scene.start(b -> parts.accept(b.allowAnonymous()))) {
            TestClient subscriber = scene.persistent("subscriber").subscribed("t", 1);
            TestClient publisher = scene.persistent("publisher");
            congested.set(true);

            publisher.publish("t", "first", qos, 1);
            publisher.publish("t", "second", qos, 2);

            subscriber.expectPublish("t", "first", 1);
            assertThat(connectionOf(publisher).isBrokerReading()).isFalse();
            scene.advanceSeconds(1);
            assertThat(connectionOf(publisher).isBrokerReading()).isFalse();
            subscriber.expectNothing();
            assertThat(scene.broker().count(Counter.PUBLISHERS_HELD)).isEqualTo(1);
            scene.assertOthersGoOn();

            congested.set(false);
            scene.advanceSeconds(0.006);

            assertThat(connectionOf(publisher).isBrokerReading()).isTrue();
            subscriber.expectPublish("t", "second", 1);
        }
    }
}
