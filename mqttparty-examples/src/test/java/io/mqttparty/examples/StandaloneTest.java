package io.mqttparty.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be served: one line that says why. */
class StandaloneTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private static final String NO_ROUTE =
            "--upstream: no route (expected: FILTER=URL, such as devices/#=http://backend/{clientId})";

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("--user: none (expected: at least one, or --allow-anonymous)"),
                wrong("--user: none (expected: at least one, or --allow-anonymous)", "--allow-anonymous=false"),
                wrong("unknown option: --upstreams", "--allow-anonymous", "--upstreams", "#=http://localhost"),
                wrong("--upstream: no value (expected: FILTER=URL)", "--upstream", "--allow-anonymous"),
                wrong(NO_ROUTE, "--upstream", "", "--allow-anonymous"),
                wrong(NO_ROUTE, "--upstream", "up/#", "--allow-anonymous"),
                wrong(NO_ROUTE, "--upstream", "http://backend/", "--allow-anonymous"),
                wrong(NO_ROUTE, "--upstream", "=http://:secret@backend/", "--allow-anonymous"),
                wrong("unknown option: broker.conf", "--allow-anonymous", "broker.conf"),
                wrong(
                        "--redis: no address of Redis (expected: redis://host:port, rediss://... or redis-sentinel://...)",
                        "--allow-anonymous",
                        "--redis=http://:secret@host"),
                wrong("--allow-anonymous: yes (expected: true or false)", "--allow-anonymous=yes"),
                wrong("--mqtt-port: x (expected: a number)", "--mqtt-port", "x"),
                wrong("--mqtt-port: no value (expected: PORT)", "--mqtt-port"),
                wrong("--mqtt-port: twice (expected: once)", "--mqtt-port", "0", "--mqtt-port=1883"),
                wrong("--mqtt-port: 65536 (expected: 0 to 65535)", "--mqtt-port", "65536", "--allow-anonymous"),
                wrong("--mqtt-port: -1 (expected: 0 to 65535)", "--mqtt-port", "-1", "--allow-anonymous"),
                wrong("--bind: blank (expected: an address or a name)", "--bind", "", "--allow-anonymous"),
                wrong("--max-inflight: 0 (expected: 1 to 65535)", "--max-inflight", "0", "--allow-anonymous"),
                wrong("--node-id: a.b (expected: 1 to 64 of A-Z a-z 0-9 - _)", "--node-id", "a.b", "--allow-anonymous"),
                wrong("--user: no value (expected: NAME:PASSWORD)", "--user", "--allow-anonymous"),
                wrong("--user: without name or password (expected: NAME:PASSWORD)", "--user", "secret"),
                wrong("--user: without name or password (expected: NAME:PASSWORD)", "--user", ":secret"),
                wrong("--user: without name or password (expected: NAME:PASSWORD)", "--user", "anna:"),
                wrong("--user: anna twice (expected: each name once)", "--user", "anna:a", "--user", "anna:b"),
                wrong(
                        "--downlink-token: none (expected: at least one, or --downlink-unauthenticated)",
                        "--http-port=0",
                        "--allow-anonymous"),
                wrong(
                        "--downlink-unauthenticated: true (expected: not together with --downlink-token)",
                        "--http-port=0",
                        "--downlink-token=t",
                        "--downlink-unauthenticated"),
                wrong("--http-port: none (expected: a port for the HTTP API)", "--downlink-token=t"),
                wrong("--http-port: 65536 (expected: 0 to 65535)", "--http-port=65536", "--downlink-token=t"),
                wrong("--http-port: x (expected: a number)", "--http-port=x", "--downlink-token=t"),
                wrong(
                        "--downlink-token: empty or other characters (expected: visible ASCII, no spaces)",
                        "--http-port=0",
                        "--downlink-token=two words"),
                wrong(
                        "--proxy-protocol: lb (expected: an address or a network such as 10.0.0.0/8 or fd00::/8)",
                        "--proxy-protocol=lb",
                        "--allow-anonymous"));
    }

    private static Arguments wrong(String message, String... options) {
        return Arguments.of(List.of(options), message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void option_wrong_oneLineAndExit2(List<String> options, String message) {
        assertThat(run(Map.of(), options.toArray(String[]::new))).isEqualTo(2);
        assertThat(err.toString(UTF_8)).isEqualToNormalizingNewlines("mqttparty: " + message + " (see --help)\n");
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up/#=ftp://backend/secret",
                "up/#=http://user:secret@backend/",
                "up/#=http://{clientId}.secret/",
                "up/#=http://backend/secret#x",
                "up/#=http:secret",
                "up/+=http://backend/{topic.3}/secret",
                "$share/g/up=http://backend/secret",
                "up/#/x=http://backend/secret"
            })
    void upstream_wrong_oneLineThatNamesTheFilterAndNotTheUrl(String route) {
        assertThat(run(Map.of("MQTTPARTY_UPSTREAM", "ok=http://backend/\n" + route), "--allow-anonymous"))
                .isEqualTo(2);
        assertThat(err.toString(UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("mqttparty: --upstream: " + route.substring(0, route.indexOf('=')) + " (expected: ")
                .endsWith(" (see --help)")
                .doesNotContain("secret");
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @Test
    void address_notOfThisMachine_oneLineAndExit1() {
        assertThat(run(Map.of("MQTTPARTY_ALLOW_ANONYMOUS", "true"), "--mqtt-port", "0", "--bind", "192.0.2.1"))
                .isEqualTo(1);
        assertThat(err.toString(UTF_8))
                .isEqualToNormalizingNewlines(
                        "mqttparty: tcp listener 192.0.2.1:0: cannot bind: Cannot assign requested address\n");
    }

    /** A switch that stands on the command line and in the environment is not turned back. */
    @Test
    void switch_onCommandLineAndInEnvironment_on() {
        Map<String, String> environment = Map.of("MQTTPARTY_ALLOW_ANONYMOUS", "true");
        assertThat(run(environment, "--allow-anonymous", "--mqtt-port", "0", "--bind", "192.0.2.1"))
                .as(err.toString(UTF_8))
                .isEqualTo(1);
    }

    @Test
    void option_onCommandLineAndInEnvironment_commandLineWins() {
        Map<String, String> environment = Map.of("MQTTPARTY_NODE_ID", "good", "MQTTPARTY_USER", "anna:a");
        assertThat(run(environment, "--user", "wrong")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("--user: without");
    }

    @Test
    void variable_empty_asIfNotSet() {
        assertThat(run(Map.of("MQTTPARTY_MQTT_PORT", "", "MQTTPARTY_ALLOW_ANONYMOUS", ""), "--max-inflight", "1"))
                .isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("--user: none");
    }

    @Test
    void help_asked_allOptionsOnStandardOutput() {
        assertThat(run(Map.of("MQTTPARTY_HELP", "true"), "--help")).isZero();
        assertThat(out.toString(UTF_8))
                .contains(
                        "--mqtt-port",
                        "--bind",
                        "--redis",
                        "--max-inflight",
                        "--node-id",
                        "--user",
                        "--upstream",
                        "--allow-anonymous")
                .contains("--http-port", "--downlink-token", "--downlink-unauthenticated")
                .contains("--proxy-protocol", "--help", "--version", "MQTTPARTY_MQTT_PORT");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    private int run(Map<String, String> environment, String... options) {
        return Standalone.run(
                options, environment, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }
}
