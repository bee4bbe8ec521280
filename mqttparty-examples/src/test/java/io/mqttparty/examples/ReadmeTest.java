package io.mqttparty.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Limits;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README.md says what the code does. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..");

    private final String readme = read(ROOT.resolve("README.md"));

    @Test
    void firstSample_ofTheReadme_isHelloBroker() {
        String source = read(Path.of("src/main/java/io/mqttparty/examples/HelloBroker.java"));
        String code = source.substring(source.indexOf("import "));
        assertThat(sample()).isEqualTo(code);
        assertThat(code.lines().filter(line -> !line.isBlank()))
                .as("lines of the hello world")
                .hasSizeLessThanOrEqualTo(12);
    }

    @Test
    void firstSample_ofTheReadme_isOnTheFirstScreen() {
        assertThat(readme.lines().toList().indexOf("```java")).isLessThan(10);
    }

    @Test
    void limits_ofTheReadme_areThoseOfTheCode() {
        List<String> named = matches("(?m)^\\| `(\\w+)` \\|").toList();
        assertThat(named)
                .containsSubsequence(Arrays.stream(Limits.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList());
    }

    @Test
    void defaults_ofTheReadme_areThoseOfTheCode() {
        Limits defaults = Limits.DEFAULTS;
        assertThat(defaults.packetBytes()).isEqualTo(number("packetBytes") * 1024);
        assertThat(defaults.connectPacketBytes()).isEqualTo(number("connectPacketBytes") * 1024);
        assertThat(defaults.connectTimeout().toSeconds()).isEqualTo(number("connectTimeout"));
        assertThat(defaults.topicBytes()).isEqualTo(number("topicBytes") * 1024);
        assertThat(defaults.topicSeparators()).isEqualTo(number("topicSeparators"));
        assertThat(defaults.clientIdBytes()).isEqualTo(number("clientIdBytes"));
        assertThat(defaults.receiveMaximum()).isEqualTo(number("receiveMaximum"));
        assertThat(defaults.inboundQos2()).isEqualTo(number("inboundQos2"));
        assertThat(defaults.pendingPublishes()).isEqualTo(number("pendingPublishes"));
        assertThat(defaults.keepAlive().toSeconds()).isEqualTo(number("keepAlive"));
        assertThat(defaults.connections()).isEqualTo(number("connections"));
        assertThat(defaults.unauthenticatedConnections()).isEqualTo(number("unauthenticatedConnections"));
        assertThat(defaults.queueMessages()).isEqualTo(number("queueMessages"));
        assertThat(defaults.queueBytes()).isEqualTo(number("queueBytes") * 1024L * 1024);
        assertThat(defaults.qos0BacklogBytes()).isEqualTo(number("qos0BacklogBytes") * 1024L * 1024);
        assertThat(defaults.subscriptions()).isEqualTo(number("subscriptions"));
        assertThat(defaults.writeTimeout().toSeconds()).isEqualTo(number("writeTimeout"));
        assertThat(defaults.sessionExpiry().toDays()).isEqualTo(number("sessionExpiry"));
        assertThat(defaults.outboxMessages()).isEqualTo(number("outboxMessages"));
        assertThat(defaults.outboxBytes()).isEqualTo(number("outboxBytes") * 1024L * 1024);
        assertThat(defaults.deadLetters()).isEqualTo(number("deadLetters"));
    }

    @Test
    void options_ofTheReadme_areThoseOfTheJar() {
        Set<String> options = Arrays.stream(StandaloneOption.values())
                .map(StandaloneOption::text)
                .collect(Collectors.toSet());
        String section = readme.substring(readme.indexOf("## The standalone broker"), readme.indexOf("## Conformance"));
        String table = section.substring(0, section.indexOf("\nEach "));
        Set<String> shown = Pattern.compile("`(--[a-z-]+)")
                .matcher(table)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        assertThat(shown).isEqualTo(options);
    }

    @Test
    void links_ofTheReadme_leadToFiles() {
        assertThat(matches("\\]\\(([^)#]+)\\)"))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(ROOT.resolve(link)).exists());
    }

    private String sample() {
        int begin = readme.indexOf("```java\n") + "```java\n".length();
        return readme.substring(begin, readme.indexOf("```", begin));
    }

    /** The first number in the row of a limit. */
    private int number(String limit) {
        return matches("(?m)^\\| `" + limit + "` \\| ([0-9,]+)")
                .map(digits -> Integer.parseInt(digits.replace(",", "")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row of " + limit));
    }

    private Stream<String> matches(String regex) {
        return Pattern.compile(regex).matcher(readme).results().map((MatchResult match) -> match.group(1));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
