package io.mqttparty.testkit;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.NodeId;
import java.net.SocketAddress;

/** One call of a {@link io.mqttparty.spi.BrokerListener}. {@link #line()} is short, for assertions that read well. */
public sealed interface BrokerEvent {
    /** The event in one line. */
    String line();

    /**
     * {@code connected a}, or {@code connected a (session present)}.
     *
     * @param client the client
     * @param sessionPresent whether its session was there before
     */
    record Connected(ClientInfo client, boolean sessionPresent) implements BrokerEvent {
        @Override
        public String line() {
            return "connected " + client.clientId() + (sessionPresent ? " (session present)" : "");
        }
    }

    /**
     * {@code disconnected a SUCCESS}.
     *
     * @param client the client
     * @param reason why
     */
    record Disconnected(ClientInfo client, ReasonCode reason) implements BrokerEvent {
        @Override
        public String line() {
            return "disconnected " + client.clientId() + " " + reason;
        }
    }

    /**
     * {@code lost a}.
     *
     * @param client the client
     * @param node that it was connected to
     */
    record ConnectionLost(ClientId client, NodeId node) implements BrokerEvent {
        @Override
        public String line() {
            return "lost " + client;
        }
    }

    /**
     * {@code rejected NOT_AUTHORIZED}.
     *
     * @param remoteAddress the peer
     * @param reason why
     */
    record Rejected(SocketAddress remoteAddress, ReasonCode reason) implements BrokerEvent {
        @Override
        public String line() {
            return "rejected " + reason;
        }
    }

    /**
     * {@code will a t 1}.
     *
     * @param client whose it was
     * @param will what was published
     */
    record WillPublished(ClientInfo client, Message will) implements BrokerEvent {
        @Override
        public String line() {
            return "will " + client.clientId() + " " + will.topic() + " "
                    + will.qos().value();
        }
    }

    /**
     * {@code subscribed a t/# 1}.
     *
     * @param client the client
     * @param subscription what it may receive
     */
    record Subscribed(ClientInfo client, Subscription subscription) implements BrokerEvent {
        @Override
        public String line() {
            return "subscribed " + client.clientId() + " " + subscription.filter() + " "
                    + subscription.qos().value();
        }
    }

    /**
     * {@code unsubscribed a t/#}.
     *
     * @param client the client
     * @param filter what it does not receive any more
     */
    record Unsubscribed(ClientInfo client, TopicFilter filter) implements BrokerEvent {
        @Override
        public String line() {
            return "unsubscribed " + client.clientId() + " " + filter;
        }
    }

    /**
     * {@code dropped a t QUEUE_FULL}.
     *
     * @param client who did not get the message, or did not get it passed on
     * @param topic its topic
     * @param reason why
     */
    record Dropped(ClientId client, TopicName topic, DropReason reason) implements BrokerEvent {
        @Override
        public String line() {
            return "dropped " + client + " " + topic + " " + reason;
        }
    }
}
