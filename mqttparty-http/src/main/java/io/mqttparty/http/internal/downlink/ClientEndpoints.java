package io.mqttparty.http.internal.downlink;

import io.mqttparty.Clients.SendOptions;
import io.mqttparty.Clients.SendResult;
import io.mqttparty.MqttParty;
import io.mqttparty.http.internal.text.JsonWriter;
import io.mqttparty.http.spi.DownlinkResponse;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Presence;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What can be done with clients. */
final class ClientEndpoints {
    private static final Duration LONGEST_TTL = Duration.ofDays(366);
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;

    private static final Set<String> MESSAGE = Set.of("topic", "qos", "ttl", "offline", "wait", "timeout");
    private static final Set<String> REQUEST = Set.of("topic", "replyTopic", "timeout");
    private static final Set<String> LIST = Set.of("after", "max");

    private final MqttParty broker;
    private final DownlinkSettings settings;

    ClientEndpoints(MqttParty broker, DownlinkSettings settings) {
        this.broker = broker;
        this.settings = settings;
    }

    // ---- POST /v1/clients/{id}/messages ----

    Call message(ClientId client, String query) {
        Parameters parameters = Parameters.parse(query, MESSAGE);
        TopicName topic = parameters.topic("topic", broker.limits());
        QoS qos = parameters.qos(QoS.AT_LEAST_ONCE);
        SendOptions options = options(parameters, qos);
        return body -> {
            Message message = new Message(topic, body, qos, false);
            return Futures.map(broker.clients().send(client, message, options), result -> sent(client, result));
        };
    }

    private SendOptions options(Parameters parameters, QoS qos) {
        boolean queue =
                parameters.choice("offline", "queue", List.of("queue", "fail")).equals("queue");
        boolean await =
                parameters.choice("wait", "none", List.of("none", "puback")).equals("puback");
        if (qos == QoS.AT_MOST_ONCE && (await || (queue && parameters.has("offline")))) {
            throw Parameters.wrong("qos", "0", "1 or 2 with wait=puback and with offline=queue");
        }
        if (!await && parameters.has("timeout")) {
            throw Parameters.wrong("timeout", "without wait=puback", "only with it");
        }
        Duration ttl = parameters.seconds("ttl", LONGEST_TTL).orElse(Duration.ZERO);
        return new SendOptions(ttl, queue, await, timeout(parameters));
    }

    private Duration timeout(Parameters parameters) {
        return parameters.seconds("timeout", settings.longestTimeout()).orElse(settings.timeout());
    }

    private static DownlinkResponse sent(ClientId client, SendResult result) {
        return switch (result) {
            case DELIVERED -> Answers.result(Answers.OK, "delivered");
            case QUEUED -> Answers.result(Answers.ACCEPTED, "queued");
            case OFFLINE -> Problem.OFFLINE.response("client " + client + " is not connected");
            case UNKNOWN_CLIENT -> unknown(client);
        };
    }

    private static DownlinkResponse unknown(ClientId client) {
        return Problem.UNKNOWN_CLIENT.response("client " + client + " is not known");
    }

    // ---- POST /v1/clients/{id}/requests ----

    Call request(ClientId client, String query) {
        Parameters parameters = Parameters.parse(query, REQUEST);
        String topic = parameters.text("topic", settings.requestTopic());
        String replyTopic = parameters.text("replyTopic", settings.replyTopic());
        if (replyTopic.contains(RequestTopics.CORRELATION) && !topic.contains(RequestTopics.CORRELATION)) {
            throw Parameters.wrong(
                    "topic", "without " + RequestTopics.CORRELATION, "with it, since replyTopic has it too");
        }
        RequestTopics topics = new RequestTopics(client);
        TopicName to = Parameters.topic("topic", topics.fill(topic), broker.limits());
        TopicName from = Parameters.topic("replyTopic", topics.fill(replyTopic), broker.limits());
        Duration timeout = timeout(parameters);
        return body -> Futures.map(
                broker.clients().request(client, to, body, from, timeout), reply -> Answers.bytes(reply.payload()));
    }

    // ---- GET and DELETE /v1/clients/{id}, GET /v1/clients ----

    Call find(ClientId client, String query) {
        Parameters.parse(query, Set.of());
        return body -> Futures.map(
                broker.clients().find(client),
                found -> found.map(ClientEndpoints::one).orElseGet(() -> unknown(client)));
    }

    Call disconnect(ClientId client, String query) {
        Parameters.parse(query, Set.of());
        return body -> broker.clients()
                .disconnect(client)
                .toCompletableFuture()
                .thenCompose(done -> done
                        ? CompletableFuture.completedFuture(disconnected(true))
                        : broker.clients()
                                .find(client)
                                .thenApply(found -> found.isPresent() ? disconnected(false) : unknown(client)));
    }

    private static DownlinkResponse disconnected(boolean wasConnected) {
        return Answers.result(Answers.OK, wasConnected ? "disconnected" : "not-connected");
    }

    Call list(String query) {
        Parameters parameters = Parameters.parse(query, LIST);
        String after = parameters.text("after", "");
        int max = parameters.number("max", PAGE, LARGEST_PAGE);
        return body -> Futures.map(broker.clients().list(after, max), ClientEndpoints::page)
                .exceptionally(failure -> {
                    throw Failures.unwrap(failure) instanceof IllegalArgumentException
                            ? Parameters.wrong("after", "unknown", "the next of another page")
                            : new CompletionException(Failures.unwrap(failure));
                });
    }

    private static DownlinkResponse one(Presence.Entry entry) {
        JsonWriter json = new JsonWriter();
        write(json, entry);
        return Answers.json(Answers.OK, json);
    }

    private static DownlinkResponse page(Presence.Page page) {
        JsonWriter json = new JsonWriter().beginObject().beginArray("clients");
        page.entries().forEach(entry -> write(json, entry));
        json.endArray();
        page.next().ifPresent(next -> json.member("next", next));
        return Answers.json(Answers.OK, json.endObject());
    }

    private static void write(JsonWriter json, Presence.Entry entry) {
        json.beginObject()
                .member("clientId", entry.client().value())
                .member("connected", entry.owner().isOnline())
                .member("persistent", entry.persistent())
                .member("since", entry.since().toString());
        entry.owner().node().ifPresent(node -> json.member("node", node.value()));
        json.endObject();
    }
}
