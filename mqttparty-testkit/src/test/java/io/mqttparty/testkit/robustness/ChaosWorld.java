package io.mqttparty.testkit.robustness;

import static io.mqttparty.testkit.robustness.Scene.connectionOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The clients of the chaos test, what they do, and the ledger of what each of them is owed. */
final class ChaosWorld {
    private static final int CLIENTS = 6;
    private static final String[] TOPICS = {"a", "b", "a/x", "b/x", "a/x/y"};
    private static final String[] FILTERS = {"a", "b", "a/#", "+/x", "#", "a/x/y", "b/+"};

    private final ChaosGround ground;
    private final Random random;
    private final List<ChaosClient> clients = new ArrayList<>();
    private final Map<String, String> retained = new TreeMap<>();
    private int sequence;
    private String lastAction = "";

    ChaosWorld(ChaosGround ground, Random random) {
        this.ground = ground;
        this.random = random;
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new ChaosClient("c" + i));
        }
    }

    String lastAction() {
        return lastAction;
    }

    int deliveries() {
        return clients.stream().mapToInt(ChaosClient::deliveries).sum();
    }

    // ---- one step ----

    void step() {
        ChaosClient client = clients.get(random.nextInt(CLIENTS));
        if (!client.isConnected()) {
            connect(client);
        } else {
            act(client, random.nextInt(100));
        }
        if (random.nextInt(4) == 0) {
            clients.get(random.nextInt(CLIENTS)).receive(random.nextInt(3) == 0 ? 1 : 100);
        }
        if (random.nextInt(20) == 0) {
            ground.advanceSeconds(random.nextInt(4));
        }
    }

    private void act(ChaosClient client, int dice) {
        if (dice < 50) {
            publish(client, TOPICS[random.nextInt(TOPICS.length)], random.nextInt(3), random.nextInt(10) == 0);
        } else if (dice < 65) {
            subscribe(client, FILTERS[random.nextInt(FILTERS.length)], random.nextInt(3));
        } else if (dice < 72) {
            unsubscribe(client, FILTERS[random.nextInt(FILTERS.length)]);
        } else if (dice < 80) {
            log(client, "kill");
            client.kill();
            onWill(client.takeWill());
        } else if (dice < 86) {
            log(client, "disconnect");
            client.disconnect();
        } else if (dice < 93) {
            connect(client); // a takeover
        } else {
            client.receive(100);
        }
    }

    private void log(ChaosClient client, String what) {
        lastAction = client.id() + " " + what;
    }

    private void connect(ChaosClient client) {
        boolean clean = random.nextInt(3) == 0;
        boolean will = random.nextInt(3) == 0;
        log(client, "connect clean=" + clean + " will=" + will);
        onWill(client.takeWill()); // if this is a takeover
        client.connect(ground, ground.connect(random), clean, will ? "will " + ++sequence : "");
    }

    /** A node is gone, with all connections to it. */
    void onKilled(String node) {
        lastAction = "kill of " + node;
        for (ChaosClient client : clients) {
            if (client.isCut()) {
                client.onEnd();
                onWill(client.takeWill());
            }
        }
    }

    /** The connection of the client has ended without DISCONNECT. */
    private void onWill(String payload) {
        if (!payload.isEmpty()) {
            clients.forEach(each -> each.owe("will", payload, 1));
        }
    }

    private void publish(ChaosClient client, String topic, int qos, boolean retain) {
        String payload = "" + ++sequence;
        log(client, "publish " + payload + " to " + topic + " qos " + qos + (retain ? " retained" : ""));
        if (retain) {
            retained.put(topic, payload);
            clients.forEach(each -> each.retained(topic, payload));
        }
        client.publish(topic, payload, qos, retain);
        clients.forEach(each -> each.owe(topic, payload, qos));
    }

    private void subscribe(ChaosClient client, String filter, int qos) {
        log(client, "subscribe " + filter + " qos " + qos);
        client.subscribe(filter, qos, retained);
    }

    private void unsubscribe(ChaosClient client, String filter) {
        log(client, "unsubscribe " + filter);
        client.unsubscribe(filter);
    }

    // ---- the end ----

    /** Brings all persistent sessions back, lets them take everything, and checks the ledger. */
    void settleAndCheck() {
        ground.advanceSeconds(5);
        for (ChaosClient client : clients) {
            if (!client.isConnected() && client.hasSession()) {
                lastAction = client.id() + " comes back";
                client.connect(ground, ground.connect(random), false, "");
            }
        }
        for (int i = 0; i < 20; i++) {
            clients.forEach(each -> each.receive(10_000));
            ground.advanceSeconds(0.5);
        }
        clients.forEach(ChaosClient::assertNothingOwed);
        assertRetained();
    }

    /** The last retained message of each topic. */
    private void assertRetained() {
        TestClient auditor =
                TestClient.connected(ground.connect(random), "auditor").subscribed("#", 0);
        Map<String, String> found = new TreeMap<>();
        for (ServerPacket packet : auditor.drain()) {
            ServerPacket.Publish publish = (ServerPacket.Publish) packet;
            assertThat(publish.retain()).isTrue();
            found.put(publish.topic(), publish.text());
        }
        assertThat(found).isEqualTo(retained);
        auditor.sendRaw(Packets.disconnect()).expectClosed();
        assertThat(connectionOf(auditor).isOpen()).isFalse();
    }
}
