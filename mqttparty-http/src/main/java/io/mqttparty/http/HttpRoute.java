package io.mqttparty.http;

import io.mqttparty.http.internal.text.TopicTemplate;
import io.mqttparty.http.internal.text.UrlTemplate;
import io.mqttparty.http.internal.uplink.Backoff;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which messages go to the backend, and how. Immutable; made by {@link #builder}. Where the filters of several routes match a message, it goes to all of them,
 * each time under the same id.
 */
public final class HttpRoute {
    private final Settings settings;

    HttpRoute(Settings settings) {
        this.settings = settings;
    }

    /**
     * A route for the messages that devices publish to topics of this filter.
     *
     * @param filter a topic filter, not shared
     * @param url an absolute http or https URL. Path and query may have the variables <code>{clientId}</code>, <code>{topic}</code> and <code>{topic.N}</code>, the level N of
     *     the topic counted from 1; their values are percent-encoded, so that each stays within its segment or query value
     * @throws IllegalArgumentException if the filter or the URL is none, or the URL asks for a level that no topic of the filter has
     */
    public static HttpRouteBuilder builder(String filter, String url) {
        return new HttpRouteBuilder(TopicFilter.of(filter), UrlTemplate.parse(url));
    }

    /** The topics whose messages it takes. */
    public TopicFilter filter() {
        return settings.filter();
    }

    /** When a message is acknowledged. */
    public AckPolicy acknowledgement() {
        return settings.acknowledgement();
    }

    Settings settings() {
        return settings;
    }

    /** The filter and the backend; not the rest of the URL, which may hold a secret. */
    @Override
    public String toString() {
        return "HttpRoute[" + filter() + " to " + settings.url().origin() + "]";
    }

    /** All that was said, or is so unless it is said. */
    record Settings(
            String name,
            TopicFilter filter,
            UrlTemplate url,
            String method,
            String contentType,
            String eventType,
            List<Map.Entry<String, String>> headers,
            Duration timeout,
            Duration deadline,
            int concurrency,
            int perClient,
            AckPolicy acknowledgement,
            Backoff backoff,
            Duration longestRetryAfter,
            Optional<TopicTemplate> replyTopic,
            QoS replyQos,
            Duration replyTtl,
            int replyBytes,
            Optional<TopicTemplate> deadLetterTopic) {
        /** Neither headers nor the whole URL: they may hold secrets. */
        @Override
        public String toString() {
            return name + ": " + filter + " to " + url.origin();
        }
    }
}
