package io.mqttparty.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.Clients.SendOptions;
import io.mqttparty.Clients.SendResult;
import io.mqttparty.MemoryBackend;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.Backend;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.testkit.TestBroker;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message to a client whose connection is closed while the store still has it as connected. */
class SendToLeavingClientTest {
    private final Backend backend = MemoryBackend.create();
    private final CompletableFuture<Void> detached = new CompletableFuture<>();

    @AutoClose
    private final TestBroker broker =
            TestBroker.start(b -> b.allowAnonymous().backend(backend).sessionStore(detachingLate(backend.sessions())));

    /** A store that detaches only once the test says so. */
    private SessionStore detachingLate(SessionStore store) {
        return (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (self, method, arguments) -> method.getName().equals("detach")
                        ? detached.thenCompose(now -> detach(store, arguments))
                        : method.invoke(store, arguments));
    }

    private static CompletionStage<?> detach(SessionStore store, Object[] arguments) {
        return store.detach((Fence) arguments[0], (SessionStore.Detach) arguments[1], (long) arguments[2]);
    }

    @BeforeEach
    void leave() {
        broker.persistent("c").disconnect().expectClosed();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void send_mayQueue_queuedAndDeliveredLater(boolean awaited) {
        assertThat(send(awaited ? SendOptions.DEFAULTS.awaitingAcknowledgement() : SendOptions.DEFAULTS))
                .isCompletedWithValue(SendResult.QUEUED);
        detached.complete(null);
        broker.resumed("c").expectPublish("t", "now", 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void send_onlineOnly_offlineAndNeverDelivered(boolean awaited) {
        SendOptions options = SendOptions.DEFAULTS.onlineOnly();
        assertThat(send(awaited ? options.awaitingAcknowledgement() : options))
                .isCompletedWithValue(SendResult.OFFLINE);
        detached.complete(null);
        broker.resumed("c").expectNothing();
    }

    @Test
    void send_onlineOnlyAfterTheDetach_offline() {
        detached.complete(null);
        broker.clock().runUntilIdle();
        assertThat(send(SendOptions.DEFAULTS.onlineOnly())).isCompletedWithValue(SendResult.OFFLINE);
    }

    private CompletableFuture<SendResult> send(SendOptions options) {
        CompletableFuture<SendResult> sent = broker.broker()
                .clients()
                .send(ClientId.of("c"), Message.of("t", "now", QoS.AT_LEAST_ONCE), options)
                .toCompletableFuture();
        broker.clock().runUntilIdle();
        return sent;
    }
}
