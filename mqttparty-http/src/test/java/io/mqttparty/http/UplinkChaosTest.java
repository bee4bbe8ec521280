package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.internal.client.FakeHttpClient.Exchange;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend that fails at random, and devices that send again: everything arrives, in order, and what was acknowledged had arrived. */
final class UplinkChaosTest {
    private static final int DEVICES = 6;
    private static final int MESSAGES = 30;
    private static final int MOST_STEPS = 200_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void randomFailures_loseNothingAndKeepTheOrder(long seed) {
        Random random = new Random(seed);
        try (UplinkScene scene = UplinkScene.with(builder -> builder.inFlight(3)
                .breaker(4, Duration.ofMillis(500), Duration.ofSeconds(2))
                .route(UplinkScene.route()
                        .timeout(Duration.ofSeconds(2))
                        .deadline(Duration.ofSeconds(6))
                        .build()))) {
            Map<String, Integer> arrived = new HashMap<>();
            List<Device> devices = new ArrayList<>();
            for (int i = 0; i < DEVICES; i++) {
                devices.add(new Device(scene, "d" + i));
            }
            int steps = 0;
            while (devices.stream().anyMatch(each -> each.acknowledged < MESSAGES)) {
                assertThat(++steps).isLessThan(MOST_STEPS);
                devices.get(random.nextInt(DEVICES)).act(random, arrived);
                List<Exchange> open = scene.backend.open();
                if (!open.isEmpty() && random.nextInt(3) > 0) {
                    answer(open.get(random.nextInt(open.size())), random, arrived);
                }
                scene.advanceMillis(random.nextInt(200));
            }
            assertThat(scene.count(HttpCounter.GIVEN_UP)).isPositive();
            assertThat(scene.count(HttpCounter.LOST)).isZero();
        }
    }

    /** A request counts as arrived as soon as the backend may have acted on it. */
    private static void answer(Exchange exchange, Random random, Map<String, Integer> arrived) {
        String[] words = exchange.body().split(":", -1);
        int number = Integer.parseInt(words[1]);
        switch (random.nextInt(6)) {
            case 0 -> exchange.answer(503);
            case 1 -> exchange.fail("connection reset");
            case 2 -> {} // hangs
            default -> {
                int before = arrived.getOrDefault(words[0], 0);
                assertThat(number).as("nothing is overtaken").isLessThanOrEqualTo(before + 1);
                arrived.put(words[0], Math.max(before, number));
                exchange.answer(200);
            }
        }
    }

    private static final class Device {
        private static final int WINDOW = 5;

        private final UplinkScene scene;
        private final String id;
        private TestClient client;
        private int sent;
        private int acknowledged;

        Device(UplinkScene scene, String id) {
            this.scene = scene;
            this.id = id;
            this.client = scene.client(id);
        }

        void act(Random random, Map<String, Integer> arrived) {
            for (ServerPacket each : client.drain()) {
                assertThat(each).isEqualTo(new ServerPacket.Puback(acknowledged + 1));
                acknowledged++;
                assertThat(arrived.getOrDefault(id, 0)).as("it has arrived").isGreaterThanOrEqualTo(acknowledged);
            }
            if (client.pipe().isEnded()) {
                client = scene.client(id);
                sent = acknowledged;
            }
            if (sent < MESSAGES && sent - acknowledged < WINDOW && random.nextInt(3) > 0) {
                sent++;
                client.publish("up/x", id + ":" + sent, 1, sent);
            }
        }
    }
}
