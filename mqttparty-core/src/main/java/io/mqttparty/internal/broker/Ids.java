package io.mqttparty.internal.broker;

import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Token;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** New names for nodes, attaches and clients without one. Any thread may ask. */
final class Ids {
    private final String nodeName;
    private final RandomGenerator random;
    private final AtomicLong tokens = new AtomicLong();

    Ids(String nodeName, RandomGenerator random) {
        this.nodeName = nodeName;
        this.random = random;
    }

    /** An id that no node has had. */
    NodeId newNodeId() {
        return new NodeId(nodeName + "." + randomHex(8));
    }

    /** A token that no attach has had. */
    Token newToken(NodeId node) {
        return new Token(node.value() + "-" + tokens.incrementAndGet());
    }

    /** A client id for a client that gave none. */
    String assignedClientId() {
        return "auto-" + randomHex(32);
    }

    /** Any number. */
    long randomLong() {
        return random.nextLong();
    }

    private String randomHex(int digits) {
        StringBuilder hex = new StringBuilder(digits);
        for (int i = 0; i < digits; i++) {
            hex.append(Character.forDigit(random.nextInt(16), 16));
        }
        return hex.toString();
    }
}
