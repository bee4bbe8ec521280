package io.mqttparty.testkit.robustness;

import static io.mqttparty.testkit.robustness.Scene.connectionOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MemoryBackend;
import io.mqttparty.spi.Backend;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.testkit.TestClient;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that has too much to do: publishers wait, nothing is lost. */
class StoreCongestionTest {
    private final AtomicBoolean congested = new AtomicBoolean();

    private SessionStore congestible(SessionStore store) {
        return (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("isCongested")) {
                        return congested.get();
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void store_congested_publisherIsReadAgainWhenItIsNot(int qos) {
        Backend backend = MemoryBackend.create();
        try (Scene scene =
                Scene.start(b -> b.allowAnonymous().backend(backend).sessionStore(congestible(backend.sessions())))) {
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
