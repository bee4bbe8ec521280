package io.mqttparty.http.internal.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.TopicName;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A variable changes one segment or one query value, whatever a client calls itself. */
final class UrlTemplateTest {
    private static final TopicName TOPIC = TopicName.of("devices/7/state");
    private static final int RANDOM_IDS = 5_000;

    @Test
    void expand_variablesInPathAndQuery_areReplaced() {
        UrlTemplate template = UrlTemplate.parse("https://h:8443/v1/{clientId}/{topic.3}?t={topic}&n={topic.2}");

        assertThat(expand(template, "car-1")).isEqualTo("https://h:8443/v1/car-1/state?t=devices%2F7%2Fstate&n=7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/../b?x=#",
                "../../admin",
                "a\r\nHost: evil",
                "a b\tc",
                "%2e%2e",
                "%",
                "user@evil.example:80",
                "//evil.example/",
                "\\evil",
                ";a=b&c=d",
                "ж中𝄞",
                "a\u0001\u007f\u0085",
                "...",
                ".a",
                "{topic}",
                "+#$"
            })
    void expand_hostileClientId_changesOnePartOnly(String id) {
        assertOnePartChanges(id);
    }

    @Test
    void expand_randomClientIds_changeOnePartOnly() {
        Random random = new Random(4);
        String alphabet = "a./?#&=%:@;\\ \r\n\t{}+$-_~é中\ud83d\ude00";
        for (int i = 0; i < RANDOM_IDS; i++) {
            StringBuilder id = new StringBuilder();
            int length = 1 + random.nextInt(12);
            while (id.codePointCount(0, id.length()) < length) {
                int index =
                        alphabet.offsetByCodePoints(0, random.nextInt(alphabet.codePointCount(0, alphabet.length())));
                id.appendCodePoint(alphabet.codePointAt(index));
            }
            String text = id.toString();
            if (!text.equals(".") && !text.equals("..")) {
                assertOnePartChanges(text);
            }
        }
    }

    private static void assertOnePartChanges(String id) {
        URI inPath = URI.create(expand(UrlTemplate.parse("http://backend:8080/v1/{clientId}/state?a=b"), id));
        assertThat(inPath.getScheme()).isEqualTo("http");
        assertThat(inPath.getRawAuthority()).isEqualTo("backend:8080");
        assertThat(inPath.getRawQuery()).isEqualTo("a=b");
        assertThat(inPath.getRawFragment()).isNull();
        assertThat(inPath.normalize()).isEqualTo(inPath);
        String[] segments = inPath.getRawPath().split("/", -1);
        assertThat(segments).hasSize(4).startsWith("", "v1").endsWith("state");
        assertThat(segments[2]).matches("[A-Za-z0-9._~%-]+");
        assertThat(decoded(segments[2])).isEqualTo(id);

        URI inQuery = URI.create(expand(UrlTemplate.parse("http://backend:8080/v1?id={clientId}&a=b"), id));
        assertThat(inQuery.getRawAuthority()).isEqualTo("backend:8080");
        assertThat(inQuery.getRawPath()).isEqualTo("/v1");
        assertThat(inQuery.getRawFragment()).isNull();
        String[] values = inQuery.getRawQuery().split("&", -1);
        assertThat(values).hasSize(2).endsWith("a=b");
        assertThat(values[0]).startsWith("id=");
        assertThat(decoded(values[0].substring(3))).isEqualTo(id);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void expand_dotSegment_hasNoUrl(String id) {
        assertThat(UrlTemplate.parse("http://h/v1/{clientId}/x").expand(ClientId.of(id), TOPIC))
                .isEmpty();
        assertThat(UrlTemplate.parse("http://h/v1/{clientId}").expand(ClientId.of(id), TOPIC))
                .isEmpty();
        assertThat(UrlTemplate.parse("http://h/v1/{clientId}?a=b").expand(ClientId.of(id), TOPIC))
                .isEmpty();
        assertThat(UrlTemplate.parse("http://h/v1/x{clientId}/x").expand(ClientId.of(id), TOPIC))
                .isPresent();
        assertThat(UrlTemplate.parse("http://h/v1?id={clientId}").expand(ClientId.of(id), TOPIC))
                .isPresent();
    }

    @Test
    void expand_dotsThatTwoVariablesMake_hasNoUrl() {
        UrlTemplate template = UrlTemplate.parse("http://h/{clientId}{topic}/x");

        assertThat(template.expand(ClientId.of("."), TopicName.of("."))).isEmpty();
    }

    @Test
    void expand_emptyOrMissingLevel_hasNoUrlInThePathAndIsEmptyInTheQuery() {
        assertThat(expand("http://h/a/{topic.2}/b", "x//z")).isEmpty();
        assertThat(expand("http://h/a/{topic.4}", "x/y/z")).isEmpty();
        assertThat(expand("http://h/{topic.1}", "/y")).isEmpty();
        assertThat(expand("http://h/a-{topic.4}", "x/y/z")).contains("http://h/a-");
        assertThat(expand("http://h/a?b={topic.4}&c={topic.1}", "/y")).contains("http://h/a?b=&c=");
        assertThat(expand("http://h/{topic.1}/", "x")).contains("http://h/x/");
        assertThat(expand("http://h?b={topic.1}//..", "x")).contains("http://h?b=x//..");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "backend/x",
                "/v1/x",
                "ftp://h/x",
                "http://{clientId}/x",
                "http://a.{topic.1}.example/x",
                "http://h:{topic.1}/x",
                "{topic}://h/x",
                "http://h/x#f",
                "http://h/{clientId}#f",
                "http://h/{client}",
                "http://h/{topic.0}",
                "http://h/{topic.}",
                "http://h/{topic.99999}",
                "http://h/{clientId",
                "http://h/clientId}",
                "http://h/{}",
                "http://h/a b",
                "http://h/ä",
                "http://h/%zz",
                "http://h:0/x",
                "http://h:70000/x",
                "http:///x",
                "http://h//{clientId}",
                "http://h/../{clientId}",
                "http://h/a\r\nb",
            })
    void parse_whatIsNoTemplate_isRefused(String text) {
        assertThatThrownBy(() -> UrlTemplate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("url: " + text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://{clientId}@h/x",
                "http://user:secret@h/x",
                "http://user:secret@h/a b",
                "http://user:secret@h/%zz",
                "ftp://secret@h"
            })
    void parse_userInfo_isRefusedAndNotShown(String text) {
        assertThatThrownBy(() -> UrlTemplate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("url: " + text.substring(0, text.indexOf(':')) + "://…@h")
                .hasMessageNotContaining("secret")
                .hasNoCause();
    }

    @Test
    void origin_isInLowerCaseWithThePort() {
        assertThat(UrlTemplate.parse("HTTP://Backend/x").origin()).isEqualTo(URI.create("http://backend:80"));
        assertThat(UrlTemplate.parse("https://h/x").origin()).isEqualTo(URI.create("https://h:443"));
        assertThat(UrlTemplate.parse("http://[::1]:81/x").origin()).isEqualTo(URI.create("http://[::1]:81"));
    }

    @Test
    void expand_withoutVariables_isTheTextItself() {
        assertThat(expand("http://h/a/../b//?x=y", "t")).contains("http://h/a/../b//?x=y");
        assertThat(expand("http://h", "t")).contains("http://h");
    }

    private static String expand(UrlTemplate template, String id) {
        return template.expand(ClientId.of(id), TOPIC).orElseThrow().toString();
    }

    private static Optional<String> expand(String template, String topic) {
        return UrlTemplate.parse(template)
                .expand(ClientId.of("c"), TopicName.of(topic))
                .map(URI::toString);
    }
}
