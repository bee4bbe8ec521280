package io.mqttparty.http.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same texts as those of {@code Instant}. */
final class Rfc3339Test {
    private final Rfc3339 times = new Rfc3339();

    @ParameterizedTest
    @ValueSource(
            longs = {0, 1, 10, 100, 999, 1_000, 1_001, -1, -999, -1_000, -62_135_596_800_001L, 253_402_300_800_000L})
    void text_isThatOfAnInstant(long millis) {
        assertThat(times.text(millis)).isEqualTo(Instant.ofEpochMilli(millis).toString());
        assertThat(times.text(millis)).isEqualTo(Instant.ofEpochMilli(millis).toString());
    }

    @Test
    void text_ofInstantsNearAndFar_isThatOfAnInstant() {
        Random random = new Random(1);
        long millis = 1_700_000_000_000L;
        for (int i = 0; i < 10_000; i++) {
            millis += random.nextInt(10) == 0 ? random.nextInt(-100_000_000, 100_000_000) : random.nextInt(700);
            assertThat(times.text(millis))
                    .isEqualTo(Instant.ofEpochMilli(millis).toString());
        }
    }
}
