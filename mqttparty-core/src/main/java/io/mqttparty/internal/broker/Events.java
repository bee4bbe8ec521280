package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.BrokerListener;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.NodeId;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Consumer;

/** Tells listeners; one that throws changes nothing. */
final class Events {
    private final BrokerListener[] listeners;
    private final BrokerLog log;

    Events(List<BrokerListener> listeners, BrokerLog log) {
        this.listeners = listeners.toArray(new BrokerListener[0]);
        this.log = log;
    }

    /** Whether there is anybody to be told. */
    boolean isHeard() {
        return listeners.length > 0;
    }

    void connected(ClientInfo client, boolean sessionPresent) {
        tell(listener -> listener.onConnected(client, sessionPresent));
    }

    void disconnected(ClientInfo client, ReasonCode reason) {
        tell(listener -> listener.onDisconnected(client, reason));
    }

    void connectionLost(ClientId client, NodeId node) {
        tell(listener -> listener.onConnectionLost(client, node));
    }

    void rejected(SocketAddress remoteAddress, ReasonCode reason) {
        tell(listener -> listener.onRejected(remoteAddress, reason));
    }

    void willPublished(ClientInfo client, Message will) {
        tell(listener -> listener.onWillPublished(client, will));
    }

    void subscribed(ClientInfo client, Subscription subscription) {
        tell(listener -> listener.onSubscribed(client, subscription));
    }

    void unsubscribed(ClientInfo client, TopicFilter filter) {
        tell(listener -> listener.onUnsubscribed(client, filter));
    }

    void dropped(ClientId client, TopicName topic, DropReason reason) {
        tell(listener -> listener.onDropped(client, topic, reason));
    }

    private void tell(Consumer<BrokerListener> call) {
        for (BrokerListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (Throwable e) {
                log.listenerFailed(e);
            }
        }
    }
}
