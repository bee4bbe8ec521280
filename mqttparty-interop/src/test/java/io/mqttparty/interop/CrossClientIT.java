package io.mqttparty.interop;

import static io.mqttparty.interop.Rig.awaitPayloads;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What one client library publishes arrives unchanged in every other. */
final class CrossClientIT {
    private static final List<ClientDriver> DRIVERS = List.of(
            new PahoDriver(),
            new HiveMqDriver(),
            MosquittoDriver.mqtt311(),
            MosquittoDriver.mqtt31(),
            new MqttJsDriver());

    private Rig rig;

    @BeforeEach
    void startBroker() {
        rig = new Rig();
    }

    @AfterEach
    void closeAll() throws Exception {
        rig.close();
    }

    static Stream<Arguments> pairs() {
        return DRIVERS.stream().flatMap(from -> DRIVERS.stream().map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void publish_byOneLibrary_arrivesInAnother(ClientDriver from, ClientDriver to) {
        from.require();
        to.require();
        List<String> payloads = List.of("first", "", "日本 🎈", "größer ".repeat(20_000));
        Subscriber subscriber = rig.subscribe(to, Subscribing.clean("subscriber", "+/cross/#", 2));

        rig.publish(from, new Outgoing("a/cross/b", 2, false, payloads));

        awaitPayloads(subscriber, payloads);
        assertThat(subscriber.received()).first().isEqualTo(new Received("a/cross/b", "first", 2, false));
        rig.assertCalm();
    }
}
