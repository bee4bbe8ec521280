package io.mqttparty.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo of the README, as it is run there but for the time. */
final class KarmaDemoIT {
    private static final String MAIN = "io.mqttparty.examples.karma.KarmaDemo";
    /** The percentiles of a second, if there was anything. */
    private static final String TIMES = "\\((-|[\\d.]+/[\\d.]+/[\\d.]+ ms)\\)";

    private static final Pattern LINE = Pattern.compile("\\d+ s: 20 devices, [1-9]\\d* heartbeats acknowledged " + TIMES
            + ", \\d+ logins answered " + TIMES
            + ", [1-9]\\d* commands done, 0 reconnects; backend [1-9]\\d* requests, "
            + "[1-9]\\d* commands answered " + TIMES + ", \\d+ missed in all");

    private static final Pattern LEDGER = Pattern.compile(
            "heartbeats acknowledged (\\d+), seen by the backend (\\d+), lost (\\d+); commands answered (\\d+)");

    @TempDir
    Path directory;

    @Test
    void demo_fewSeconds_showsWhatGoesThroughAndLosesNothing() throws Exception {
        try (Program demo = Program.inJar(directory, MAIN, "--devices", "20", "--seconds", "5")) {
            assertThat(demo.firstLine())
                    .matches("broker mqtt=\\d+ http=\\d+, backend http://127.0.0.1:\\d+, 20 devices");
            assertThat(demo.exitCode()).as("%s", demo.err()).isZero();
            List<String> out = demo.out();
            assertThat(out).hasSize(7);
            assertThat(out.get(5)).startsWith("5 s: ").matches(LINE);
            Matcher ledger = LEDGER.matcher(out.get(6));
            assertThat(ledger.matches()).as(out.get(6)).isTrue();
            long acknowledged = Long.parseLong(ledger.group(1));
            assertThat(acknowledged).isBetween(100L, 20L * 5 * 6);
            assertThat(Long.parseLong(ledger.group(2))).isGreaterThanOrEqualTo(acknowledged);
            assertThat(ledger.group(3)).isEqualTo("0");
            assertThat(Long.parseLong(ledger.group(4))).isGreaterThan(20);
        }
    }

    @Test
    void demo_unknownArgument_oneLineAndExit2() throws Exception {
        try (Program demo = Program.inJar(directory, MAIN, "--device", "20")) {
            assertThat(demo.exitCode()).isEqualTo(2);
            assertThat(demo.err())
                    .containsExactly("--device (expected: one of --devices, --beats, --commands, --seconds)");
        }
    }
}
