package io.mqttparty.examples.karma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LedgerTest {
    private static BitSet numbers(int... values) {
        BitSet set = new BitSet();
        IntStream.of(values).forEach(set::set);
        return set;
    }

    @Test
    void compare_oneMissing_isLost() {
        Ledger ledger = Ledger.compare(
                Map.of("a", numbers(1, 2, 3, 5), "b", numbers(1), "silent", numbers()), "a 1-3,7\nb 1-2\nother 9\n");

        assertThat(ledger).isEqualTo(new Ledger(5, 7, 1));
        assertThat(ledger).hasToString("heartbeats acknowledged 5, seen by the backend 7, lost 1");
    }

    @Test
    void compare_backendKnowsNothing_allIsLost() {
        assertThat(Ledger.compare(Map.of("a", numbers(1, 2)), "").lost()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            value = {"1|1", "1,2,3|1-3", "1,3|1,3", "2,3,9|2-3,9", "|"},
            delimiter = '|')
    void ranges_writtenAndRead_areTheSame(String values, String text) {
        BitSet set = values == null
                ? new BitSet()
                : numbers(Arrays.stream(values.split(",", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray());
        String expected = text == null ? "" : text;

        assertThat(NumberRanges.write(set)).isEqualTo(expected);
        assertThat(NumberRanges.read(expected)).isEqualTo(set);
    }

    @Test
    void ranges_descending_areRefused() {
        assertThatThrownBy(() -> NumberRanges.read("3-2")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NumberRanges.read("x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void heartbeat_encodedAndDecoded_isTheSame() {
        Heartbeat heartbeat = new Heartbeat(70_000, 1_795_000_000_000L, 99, 3);

        assertThat(Heartbeat.decode(heartbeat.encode())).isEqualTo(heartbeat);
        assertThatThrownBy(() -> Heartbeat.decode(new byte[15])).hasMessageContaining("15 bytes (expected: 16)");
    }

    @Test
    void percentiles_ofHundred_areTaken() {
        Percentiles percentiles = new Percentiles();
        IntStream.rangeClosed(1, 100).forEach(i -> percentiles.add(i * 1_000_000L));

        assertThat(percentiles.take()).isEqualTo("50.0/95.0/99.0 ms");
        assertThat(percentiles.take()).isEqualTo("-");
    }
}
