package io.mqttparty.benchmarks.faults;

import io.mqttparty.redis.Durability;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.testkit.Packets;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A node dies with many clients that have wills: each is to be published once. */
final class NodeDeath {
    /** The lease of the node has to end first. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private NodeDeath() {}

    /** How often each will came, by its topic. */
    static Map<String, Integer> wills(int clients) throws IOException {
        Map<String, Integer> came = new HashMap<>();
        List<Wire> wires = new ArrayList<>();
        try (RedisServer redis = RedisServer.start();
                LocalNode survivor = LocalNode.start("survivor", redis.uri(), Durability.MEMORY);
                Node victim = Node.start("victim", redis.uri());
                Wire watcher = Wire.connect(survivor.port(), "watcher", true, PATIENCE)) {
            watcher.send(Packets.subscribe(1, "will/+", 1));
            watcher.next();
            for (int i = 0; i < clients; i++) {
                String id = "client-" + i;
                boolean clean = i % 2 == 0;
                wires.add(Wire.connect(
                        victim.port(),
                        PATIENCE,
                        spec -> spec.clientId(id).cleanSession(clean).will("will/" + id, "gone", 1, false)));
            }
            victim.kill();
            collect(watcher, came, clients);
        } finally {
            for (Wire wire : wires) {
                wire.close();
            }
        }
        return came;
    }

    /** Takes wills until all are there and nothing came for a while. */
    private static void collect(Wire watcher, Map<String, Integer> came, int clients) throws IOException {
        try {
            while (true) {
                Wire.Packet packet = watcher.next();
                if (packet.type() == Wire.PUBLISH) {
                    Wire.Publish publish = packet.publish();
                    came.merge(publish.topic(), 1, Integer::sum);
                    watcher.send(Packets.puback(publish.packetId()));
                    if (came.size() == clients) {
                        watcher.silence(Duration.ofSeconds(3));
                    }
                }
            }
        } catch (SocketTimeoutException e) {
            // nothing more comes
        }
    }
}
