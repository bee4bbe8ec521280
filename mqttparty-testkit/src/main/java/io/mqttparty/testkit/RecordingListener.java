package io.mqttparty.testkit;

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
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told, in order. Safe for use by several threads. */
public final class RecordingListener implements BrokerListener {
    private final List<BrokerEvent> events = new CopyOnWriteArrayList<>();

    /** All events until now. */
    public List<BrokerEvent> events() {
        return List.copyOf(events);
    }

    /** All events of one kind until now. */
    public <T extends BrokerEvent> List<T> events(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** All events until now, each as {@link BrokerEvent#line()}. */
    public List<String> lines() {
        return events.stream().map(BrokerEvent::line).toList();
    }

    /** Forgets what was recorded. */
    public void clear() {
        events.clear();
    }

    @Override
    public void onConnected(ClientInfo client, boolean sessionPresent) {
        events.add(new BrokerEvent.Connected(client, sessionPresent));
    }

    @Override
    public void onDisconnected(ClientInfo client, ReasonCode reason) {
        events.add(new BrokerEvent.Disconnected(client, reason));
    }

    @Override
    public void onConnectionLost(ClientId client, NodeId node) {
        events.add(new BrokerEvent.ConnectionLost(client, node));
    }

    @Override
    public void onRejected(SocketAddress remoteAddress, ReasonCode reason) {
        events.add(new BrokerEvent.Rejected(remoteAddress, reason));
    }

    @Override
    public void onWillPublished(ClientInfo client, Message will) {
        events.add(new BrokerEvent.WillPublished(client, will));
    }

    @Override
    public void onSubscribed(ClientInfo client, Subscription subscription) {
        events.add(new BrokerEvent.Subscribed(client, subscription));
    }

    @Override
    public void onUnsubscribed(ClientInfo client, TopicFilter filter) {
        events.add(new BrokerEvent.Unsubscribed(client, filter));
    }

    @Override
    public void onDropped(ClientId client, TopicName topic, DropReason reason) {
        events.add(new BrokerEvent.Dropped(client, topic, reason));
    }
}
