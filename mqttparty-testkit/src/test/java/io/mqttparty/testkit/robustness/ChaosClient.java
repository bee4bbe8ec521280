package io.mqttparty.testkit.robustness;

import static io.mqttparty.testkit.robustness.Scene.connectionOf;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client of the chaos test, and the ledger about it: what it is owed (QoS 1 and 2), what may come (QoS 0), and what has come. Each message
 * has a payload of its own. It keeps the state that a client has to keep: packet ids of QoS 2 until PUBREL.
 */
final class ChaosClient {
    private final String id;
    private final Map<String, Integer> subscriptions = new HashMap<>();
    /** Payload and QoS of all that was published for this session. */
    private final Map<String, Integer> expected = new HashMap<>();

    /** All filters that this session ever had. */
    private final Set<String> filters = new HashSet<>();

    private final Set<String> owed = new HashSet<>();
    private final Set<String> received = new HashSet<>();
    private final Set<String> mayBeRetained = new HashSet<>();
    private final Set<Integer> awaitingPubrel = new HashSet<>();
    private @Nullable TestClient connection;
    private boolean session;
    private boolean persistent;
    private String will = "";
    private int lastDurable;
    private int deliveries;

    ChaosClient(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    boolean isConnected() {
        return connection != null;
    }

    boolean hasSession() {
        return session;
    }

    int deliveries() {
        return deliveries;
    }

    /** The payload of the will that is due if the connection ends now without DISCONNECT; empty if there is none. It is due once. */
    String takeWill() {
        String due = will;
        will = "";
        return due;
    }

    // ---- connection ----

    void connect(ChaosGround ground, LoopbackConnection pipe, boolean clean, String newWill) {
        TestClient old = connection;
        boolean present = session && persistent && !clean;
        if (!present) {
            forget();
        }
        TestClient next = TestClient.connect(pipe, c -> {
            c.clientId(id).cleanSession(clean);
            if (!newWill.isEmpty()) {
                c.will("will", newWill, 1, false);
            }
        });
        ground.advanceSeconds(0.002); // an older connection with a will gets this long to say DISCONNECT
        next.expectConnack(0, present);
        if (old != null) {
            assertThat(connectionOf(old).isOpen()).as("the older connection").isFalse();
        }
        connection = next;
        session = true;
        persistent = !clean;
        will = newWill;
    }

    void kill() {
        connectionOf(open()).resetByPeer();
        onEnd();
    }

    /** Whether it had a connection that the other side has ended. */
    boolean isCut() {
        return connection != null && !connectionOf(connection).isOpen();
    }

    void disconnect() {
        open().disconnect();
        assertThat(connectionOf(open()).isOpen()).isFalse();
        will = "";
        onEnd();
    }

    /** Its connection is over, on whichever side. */
    void onEnd() {
        connection = null;
        if (!persistent) {
            forget();
        }
    }

    private void forget() {
        session = false;
        subscriptions.clear();
        filters.clear();
        expected.clear();
        owed.clear();
        mayBeRetained.clear();
        awaitingPubrel.clear();
        lastDurable = 0;
    }

    private TestClient open() {
        return requireNonNull(connection);
    }

    // ---- what it does ----

    void publish(String topic, String payload, int qos, boolean retain) {
        int packetId = qos == 0 ? 0 : open().nextPacketId();
        open().publish(topic, payload, qos, retain, packetId, false);
        if (qos == 1) {
            assertThat(open().awaitPacket(ServerPacket.Puback.class::isInstance))
                    .isEqualTo(new ServerPacket.Puback(packetId));
        } else if (qos == 2) {
            assertThat(open().awaitPacket(ServerPacket.Pubrec.class::isInstance))
                    .isEqualTo(new ServerPacket.Pubrec(packetId));
            open().pubrel(packetId).awaitPacket(ServerPacket.Pubcomp.class::isInstance);
        }
    }

    void subscribe(String filter, int qos, Map<String, String> retained) {
        filters.add(filter);
        retained.forEach(this::retained);
        open().subscribed(filter, qos);
        subscriptions.put(filter, qos);
    }

    void unsubscribe(String filter) {
        int packetId = open().nextPacketId();
        open().unsubscribe(packetId, filter).awaitPacket(ServerPacket.Unsuback.class::isInstance);
        subscriptions.remove(filter);
    }

    /** Takes some packets and answers them. */
    void receive(int atMost) {
        for (int i = 0; i < atMost && isConnected(); i++) {
            Optional<ServerPacket> packet = open().poll();
            if (packet.isEmpty()) {
                return;
            }
            onPacket(packet.get());
        }
    }

    private void onPacket(ServerPacket packet) {
        if (packet instanceof ServerPacket.Pubrel pubrel) {
            awaitingPubrel.remove(pubrel.packetId());
            open().pubcomp(pubrel.packetId());
            return;
        }
        ServerPacket.Publish publish = (ServerPacket.Publish) packet;
        if (publish.qos() == 2) {
            if (awaitingPubrel.add(publish.packetId())) {
                onMessage(publish);
            }
            open().pubrec(publish.packetId());
        } else {
            onMessage(publish);
            if (publish.qos() == 1) {
                open().puback(publish.packetId());
            }
        }
    }

    // ---- the ledger ----

    /** A message was published. */
    void owe(String topic, String payload, int qos) {
        subscriptions.entrySet().stream()
                .filter(each -> matches(each.getKey(), topic))
                .map(Map.Entry::getValue)
                .max(Comparator.naturalOrder())
                .ifPresent(granted -> {
                    expected.put(payload, Math.min(granted, qos));
                    if (Math.min(granted, qos) > 0) {
                        owed.add(payload);
                    }
                });
    }

    /** A message was retained: it may come because of a subscription, also an earlier one whose turn comes when the client has caught up. */
    void retained(String topic, String payload) {
        if (filters.stream().anyMatch(filter -> matches(filter, topic))) {
            mayBeRetained.add(payload);
        }
    }

    private void onMessage(ServerPacket.Publish publish) {
        deliveries++;
        String payload = publish.text();
        if (publish.retain()) {
            assertThat(mayBeRetained)
                    .as("%s of %s: retained messages", publish, id)
                    .contains(payload);
            return;
        }
        assertThat(expected.get(payload)).as("%s of %s: its QoS", publish, id).isEqualTo(publish.qos());
        if (!received.add(payload)) {
            assertThat(publish.qos() == 1 && publish.dup())
                    .as("%s of %s: the second time", publish, id)
                    .isTrue();
            return;
        }
        owed.remove(payload);
        if (publish.qos() > 0 && !payload.startsWith("will")) {
            int number = Integer.parseInt(payload);
            assertThat(number).as("%s of %s: the order", publish, id).isGreaterThan(lastDurable);
            lastDurable = number;
        }
    }

    void assertNothingOwed() {
        assertThat(owed).as("what %s was owed", id).isEmpty();
    }

    /** Section 4.7.1, written down a second time. */
    private static boolean matches(String filter, String topic) {
        String[] f = filter.split("/", -1);
        String[] t = topic.split("/", -1);
        for (int i = 0; i < f.length; i++) {
            if (f[i].equals("#")) {
                return true;
            }
            if (i >= t.length || !(f[i].equals("+") || f[i].equals(t[i]))) {
                return false;
            }
            if (i == t.length - 1 && i == f.length - 2 && f[i + 1].equals("#")) {
                return true;
            }
        }
        return f.length == t.length;
    }
}
