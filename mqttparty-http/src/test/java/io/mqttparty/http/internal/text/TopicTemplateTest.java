package io.mqttparty.http.internal.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.TopicName;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicTemplateTest {
    @Test
    void expand_variables_areInsertedAsTheyAre() {
        assertThat(expand("devices/{clientId}/{topic.2}/reply", "a/b", "x/y")).contains("devices/a/b/y/reply");
        assertThat(expand("dead/{topic}", "a", "x/y")).contains("dead/x/y");
        assertThat(expand("a/{topic.3}", "a", "x/y")).contains("a/");
    }

    @Test
    void expand_whatIsNoTopic_isEmpty() {
        assertThat(expand("devices/{clientId}/reply", "a+", "x")).isEmpty();
        assertThat(expand("devices/{clientId}/reply", "#", "x")).isEmpty();
        assertThat(expand("{topic.2}", "a", "x")).isEmpty();
        assertThat(expand("{clientId}/r", "é".repeat(32_767), "x")).isEmpty();
        assertThat(expand("{clientId}{topic}", "a".repeat(65_535), "x")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/+", "#", "a/{client}", "a/{topic"})
    void parse_whatIsNoTopic_isRefused(String text) {
        assertThatThrownBy(() -> TopicTemplate.parse("replyTopic", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("replyTopic: " + text);
    }

    private static Optional<String> expand(String template, String client, String topic) {
        return TopicTemplate.parse("replyTopic", template)
                .expand(ClientId.of(client), TopicName.of(topic))
                .map(TopicName::value);
    }
}
