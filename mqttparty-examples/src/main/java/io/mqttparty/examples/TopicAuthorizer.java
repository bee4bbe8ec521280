package io.mqttparty.examples;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Authorizer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * An own {@link Authorizer}: each user may publish to topics of some filters and read those of others. The filters are the administrator's. A
 * filter that is put together from what a client sends, such as {@code "users/" + username + "/#"}, would be a hole: a user may be called
 * {@code +}.
 */
public final class TopicAuthorizer implements Authorizer {
    private final Map<String, Rights> rights;

    /** The rights of each user name; everybody else has none. */
    public TopicAuthorizer(Map<String, Rights> rights) {
        this.rights = Map.copyOf(rights);
    }

    @Override
    public CompletionStage<Boolean> mayPublish(ClientInfo client, TopicName topic) {
        return answer(client, Rights::publish, right -> right.matches(topic));
    }

    /** A subscription is granted if one of the user's filters covers all of it: {@code a/#} covers {@code a/+/b}, and not {@code #}. */
    @Override
    public CompletionStage<Boolean> maySubscribe(ClientInfo client, Subscription subscription) {
        return answer(client, Rights::read, right -> right.covers(subscription.filter()));
    }

    /** Asked for what is stored: rights that were taken away since a subscription was made hold for its queue too. */
    @Override
    public CompletionStage<Boolean> mayReceive(ClientInfo client, TopicName topic) {
        return answer(client, Rights::read, right -> right.matches(topic));
    }

    private CompletionStage<Boolean> answer(
            ClientInfo client, Function<Rights, List<TopicFilter>> kind, Function<TopicFilter, Boolean> allows) {
        boolean allowed = client.username().map(rights::get).map(kind).orElse(List.of()).stream()
                .anyMatch(allows::apply);
        return CompletableFuture.completedFuture(allowed);
    }

    /**
     * What a user may do.
     *
     * @param publish filters of the topics to publish to
     * @param read filters of the topics to subscribe to
     */
    public record Rights(List<TopicFilter> publish, List<TopicFilter> read) {
        /** Copies the lists. */
        public Rights {
            publish = List.copyOf(publish);
            read = List.copyOf(read);
        }
    }
}
