package io.mqttparty.http.internal.decision;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttparty.http.internal.text.JsonWriter;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicName;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether a client may publish to a topic, or subscribe. It is the key of its own answer, so that one that is kept costs a look into a hash table: two questions are equal if
 * and only if their bodies are. Nothing in it differs from one connection of a client to the next, and nothing in it is secret.
 */
public final class AccessQuestion implements QuestionKey, Comparable<AccessQuestion> {
    private static final int NO_QOS = -1;

    /** Without the attributes, which the backend says itself. */
    private static final Comparator<AccessQuestion> ORDER = Comparator.<AccessQuestion, String>comparing(
                    each -> each.subject)
            .thenComparing(each -> each.clientId)
            .thenComparing(each -> each.username, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingInt(each -> each.qos);

    private final String subject;
    private final int qos;
    private final String clientId;
    private final @Nullable String username;
    private final Map<String, String> attributes;
    private final int hash;

    private AccessQuestion(ClientInfo client, String subject, int qos) {
        this.subject = subject;
        this.qos = qos;
        this.clientId = client.clientId().value();
        this.username = client.username().orElse(null);
        this.attributes = client.attributes();
        this.hash = 31 * (31 * subject.hashCode() + clientId.hashCode()) + qos;
    }

    /** Whether a client may publish to a topic. */
    public static AccessQuestion publish(ClientInfo client, TopicName topic) {
        return new AccessQuestion(client, topic.value(), NO_QOS);
    }

    /** Whether a client may subscribe. */
    public static AccessQuestion subscribe(ClientInfo client, Subscription subscription) {
        return new AccessQuestion(
                client, subscription.filter().value(), subscription.qos().value());
    }

    /** The question in JSON. */
    byte[] body() {
        JsonWriter json = new JsonWriter()
                .beginObject()
                .member("action", qos == NO_QOS ? "publish" : "subscribe")
                .member("clientId", clientId);
        if (username != null) {
            json.member("username", username);
        }
        if (!attributes.isEmpty()) {
            json.beginObject("attributes");
            new TreeMap<>(attributes).forEach(json::member);
            json.endObject();
        }
        if (qos == NO_QOS) {
            json.member("topic", subject);
        } else {
            json.member("topicFilter", subject).member("qos", qos);
        }
        return json.endObject().toString().getBytes(UTF_8);
    }

    @Override
    public int characters() {
        return subject.length()
                + clientId.length()
                + (username == null ? 0 : username.length())
                + Attributes.characters(attributes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AccessQuestion that
                && hash == that.hash
                && qos == that.qos
                && subject.equals(that.subject)
                && clientId.equals(that.clientId)
                && (username == null ? that.username == null : username.equals(that.username))
                && attributes.equals(that.attributes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** So that a hash table stays fast though a client chooses topics whose hashes are the same. Those that differ in attributes alone are neither more nor less. */
    @Override
    public int compareTo(AccessQuestion other) {
        return ORDER.compare(this, other);
    }

    /** What is asked for, without the client. */
    @Override
    public String toString() {
        return (qos == NO_QOS ? "publish " : "subscribe ") + subject;
    }
}
