package io.mqttparty.http.internal.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.NodeId;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What happens to clients before the node has its id. */
final class ClientEventsTest {
    private static final ClientInfo CLIENT = new ClientInfo(
            ClientId.of("c"),
            Optional.empty(),
            ProtocolVersion.MQTT_3_1_1,
            true,
            60,
            InetSocketAddress.createUnresolved("10.0.0.1", 1),
            "tcp",
            Map.of());

    private final List<String> sent = new ArrayList<>();
    private Runnable onFirst = () -> {};
    private int lost;
    private final ClientEvents events = new ClientEvents(
            List.of(new ClientEvents.Route(TopicFilter.of("$SYS/clients/+"), request -> {
                if (sent.isEmpty()) {
                    onFirst.run();
                }
                sent.add(request.message().topic().value() + " "
                        + request.client().clientId());
                return CompletableFuture.completedFuture(null);
            })),
            () -> lost++);

    @Test
    void start_whatHappenedBefore_isSentFirst() {
        events.onConnected(CLIENT, false);
        events.onWillPublished(CLIENT, Message.of("t", "x", QoS.AT_MOST_ONCE));
        assertThat(sent).isEmpty();
        onFirst = () -> events.onDisconnected(CLIENT, ReasonCode.SUCCESS);

        events.start(new NodeId("n"));
        events.onConnected(CLIENT, false);

        assertThat(sent)
                .containsExactly(
                        "$SYS/clients/connected c",
                        "$SYS/clients/will c",
                        "$SYS/clients/disconnected c",
                        "$SYS/clients/connected c");
    }

    @Test
    void start_tooMuchHappenedBefore_theRestIsLostAndCounted() {
        for (int i = 0; i < ClientEvents.MOST_EARLY + 2; i++) {
            events.onConnected(CLIENT, false);
        }
        assertThat(lost).isEqualTo(2);

        events.start(new NodeId("n"));
        events.onConnected(CLIENT, false);

        assertThat(sent).hasSize(ClientEvents.MOST_EARLY + 1);
        assertThat(lost).isEqualTo(2);
    }

    @Test
    void stop_sendsNothingMore() {
        events.start(new NodeId("n"));
        events.stop();
        events.onDisconnected(CLIENT, ReasonCode.SUCCESS);

        assertThat(sent).isEmpty();
    }
}
