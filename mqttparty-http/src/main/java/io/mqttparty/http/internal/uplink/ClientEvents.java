package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.internal.text.JsonWriter;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.BrokerListener;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Upstream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends what happens to clients to the routes that ask for it, as if it had been published to a topic below {@value #PREFIX}. No client can publish there, and no filter that
 * begins with a wildcard takes it.
 */
public final class ClientEvents implements BrokerListener {
    static final String PREFIX = "$SYS/clients/";
    static final String CONTENT_TYPE = "application/json";

    private static final String TYPE_PREFIX = "io.mqttparty.client.";

    /** So many wait for the id of the node; further ones are lost. */
    static final int MOST_EARLY = 10_000;

    /** Why a connection ended whose node died; no reason code of the protocol. */
    private static final String NODE_DOWN = "NODE_DOWN";

    private final List<Route> connected;
    private final List<Route> disconnected;
    private final List<Route> will;
    private final Runnable onLost;
    private final SecureRandom ids = new SecureRandom();

    /** What happened before the node had its id; guarded by itself, as is the first change of {@link #node}. */
    private final List<Consumer<NodeId>> early = new ArrayList<>();

    private volatile @Nullable NodeId node;
    private volatile boolean stopped;

    /**
     * Where events may go.
     *
     * @param filter which
     * @param upstream takes them
     */
    public record Route(TopicFilter filter, Upstream upstream) {}

    /**
     * Events for those of these routes whose filter is about events.
     *
     * @param onLost hears of each event that is lost before it was sent; on any thread
     */
    public ClientEvents(List<Route> routes, Runnable onLost) {
        this.onLost = onLost;
        connected = matching(routes, "connected");
        disconnected = matching(routes, "disconnected");
        will = matching(routes, "will");
    }

    private static List<Route> matching(List<Route> routes, String kind) {
        TopicName topic = TopicName.of(PREFIX + kind);
        return routes.stream().filter(each -> each.filter().matches(topic)).toList();
    }

    /** The CloudEvents type of what has this topic, if it is an event. */
    static Optional<String> typeOf(TopicName topic) {
        return topic.value().startsWith(PREFIX)
                ? Optional.of(TYPE_PREFIX + topic.value().substring(PREFIX.length()))
                : Optional.empty();
    }

    /** Whether there is a route for any event. */
    public boolean isEmpty() {
        return connected.isEmpty() && disconnected.isEmpty() && will.isEmpty();
    }

    /** The node has its id: what has happened goes first. */
    public void start(NodeId id) {
        synchronized (early) {
            for (int i = 0; i < early.size(); i++) { // one may come while another is sent
                early.get(i).accept(id);
            }
            early.clear();
            node = id; // not before: what comes now waits until all of them are sent
        }
    }

    /** The node ends: that its connections end with it is no news of the clients. */
    public void stop() {
        stopped = true;
    }

    @Override
    public void onConnected(ClientInfo client, boolean sessionPresent) {
        send(
                connected,
                "connected",
                client,
                json -> json.member("sessionPresent", sessionPresent)
                        .member("cleanSession", client.cleanSession())
                        .member("keepAlive", client.keepAliveSeconds())
                        .member("remoteAddress", host(client.remoteAddress()))
                        .member("listener", client.listener()));
    }

    private static String host(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getHostString() : address.toString();
    }

    @Override
    public void onDisconnected(ClientInfo client, ReasonCode reason) {
        send(disconnected, "disconnected", client, json -> json.member("reason", reason.name()));
    }

    @Override
    public void onConnectionLost(ClientId client, NodeId lost) {
        ClientInfo unknown = new ClientInfo(
                client,
                Optional.empty(),
                ProtocolVersion.MQTT_3_1_1,
                false,
                0,
                InetSocketAddress.createUnresolved("unknown", 0),
                "unknown",
                Map.of());
        send(disconnected, "disconnected", unknown, Optional.of(lost), json -> json.member("reason", NODE_DOWN));
    }

    @Override
    public void onWillPublished(ClientInfo client, Message message) {
        send(
                will,
                "will",
                client,
                json -> json.member("topic", message.topic().value())
                        .member("qos", message.qos().value())
                        .member("retain", message.retain())
                        .member(
                                "payload",
                                Base64.getEncoder()
                                        .encodeToString(message.payload().toByteArray())));
    }

    private void send(List<Route> routes, String kind, ClientInfo client, Function<JsonWriter, JsonWriter> details) {
        send(routes, kind, client, Optional.empty(), details);
    }

    /**
     * Sends an event.
     *
     * @param where the node that it happened on, if it is not this one
     */
    private void send(
            List<Route> routes,
            String kind,
            ClientInfo client,
            Optional<NodeId> where,
            Function<JsonWriter, JsonWriter> details) {
        if (routes.isEmpty() || stopped) {
            return;
        }
        Consumer<NodeId> event = id -> send(where.orElse(id), routes, kind, client, details);
        NodeId id = node;
        if (id == null) {
            synchronized (early) {
                id = node;
                if (id == null) {
                    keep(event);
                    return;
                }
            }
        }
        event.accept(id);
    }

    private void keep(Consumer<NodeId> event) {
        if (early.size() < MOST_EARLY) {
            early.add(event);
        } else {
            onLost.run();
        }
    }

    private void send(
            NodeId id, List<Route> routes, String kind, ClientInfo client, Function<JsonWriter, JsonWriter> details) {
        JsonWriter json = new JsonWriter()
                .beginObject()
                .member("event", kind)
                .member("clientId", client.clientId().value())
                .member("node", id.value());
        client.username().ifPresent(name -> json.member("username", name));
        Message message = new Message(
                TopicName.of(PREFIX + kind), details.apply(json).endObject().toPayload(), QoS.AT_MOST_ONCE, false);
        MessageId messageId = new MessageId(ids.nextLong(), ids.nextLong());
        for (Route each : routes) {
            // A client of its own for each event: if one is given up, those behind it are not, since nobody sends them
            // again.
            ClientInfo sender = client.withAttributes(client.attributes());
            var unused = each.upstream().onPublish(new Upstream.Request(sender, message, messageId));
        }
    }
}
