package io.mqttparty.testkit.contract;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.Will;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import java.util.Optional;

/** An attach to come. */
final class Connecting {
    private static final long EXPIRY_SECONDS = 3_600;

    private final BackendContract contract;
    private final ClientId client;
    private NodeId node;
    private boolean clean;
    private long expirySeconds = EXPIRY_SECONDS;
    private Optional<String> username = Optional.empty();
    private Optional<Will> will = Optional.empty();
    private int window = 32;

    Connecting(BackendContract contract, ClientId client) {
        this.contract = contract;
        this.client = client;
        this.node = contract.node1().id();
    }

    Connecting at(ContractNode other) {
        return at(other.id());
    }

    Connecting at(NodeId other) {
        node = other;
        return this;
    }

    /** A new session that outlives the connection. */
    Connecting clean() {
        clean = true;
        return this;
    }

    /** A new session that ends with the connection: CleanSession 1 of MQTT 3.1.1. */
    Connecting transientSession() {
        clean = true;
        expirySeconds = 0;
        return this;
    }

    Connecting expiry(long seconds) {
        expirySeconds = seconds;
        return this;
    }

    Connecting will(Message message) {
        will = Optional.of(new Will(message));
        return this;
    }

    Connecting username(String name) {
        username = Optional.of(name);
        return this;
    }

    Connecting window(int records) {
        window = records;
        return this;
    }

    /** A request with a token of its own. */
    AttachRequest request() {
        return new AttachRequest(client, username, contract.newToken(node), node, clean, expirySeconds, will, window);
    }

    Attached attach() {
        return contract.await(contract.sessions().attach(request()));
    }
}
