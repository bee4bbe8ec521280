package io.mqttparty.http.internal.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FreshnessTest {
    private static HttpHeaders headers(String... namesAndValues) {
        Map<String, List<String>> all = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            all.computeIfAbsent(namesAndValues[i], name -> new ArrayList<>()).add(namesAndValues[i + 1]);
        }
        return HttpHeaders.of(all, (name, value) -> true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "max-age=60|60",
                "private, max-age=60|60",
                "MAX-AGE = 60 , Private|60",
                "public,max-age=60,must-revalidate|60",
                "max-age=\"60\"|60",
                "max-age=99999999999999999999|2147483647",
                "max-age=60, max-age=30|30",
                "s-maxage=60|0",
                "private|0",
                "max-age=0|0",
                "max-age=-5|0",
                "max-age=1.5|0",
                "max-age=soon|0",
                "max-age=\"|0",
                "max-age|0",
                "max-age=|0",
                "no-store, max-age=60|0",
                "max-age=60, no-cache|0",
                "max-age=60, no-cache=\"set-cookie\"|0",
                "immutable|0",
                "''|0",
                "',,='|0"
            })
    void cacheControl_isKeptAsLong(String value, long seconds) {
        assertThat(Freshness.seconds(headers("Cache-Control", value))).isEqualTo(seconds);
    }

    @Test
    void nothingSaid_isNotKept() {
        assertThat(Freshness.seconds(headers("Expires", "Thu, 01 Dec 2044 16:00:00 GMT")))
                .isZero();
    }

    @Test
    void severalLines_allCount() {
        assertThat(Freshness.seconds(headers("cache-control", "max-age=60", "cache-control", "no-store")))
                .isZero();
        assertThat(Freshness.seconds(headers("cache-control", "private", "cache-control", "max-age=7")))
                .isEqualTo(7);
    }

    @Test
    void age_isTakenOff() {
        assertThat(Freshness.seconds(headers("cache-control", "max-age=60", "age", "20")))
                .isEqualTo(40);
        assertThat(Freshness.seconds(headers("cache-control", "max-age=60", "age", "60")))
                .isZero();
        assertThat(Freshness.seconds(headers("cache-control", "max-age=60", "age", "old")))
                .isZero();
    }

    @Test
    void varies_byAnythingIsNotKept_byAHeaderIs() {
        assertThat(Freshness.seconds(headers("cache-control", "max-age=60", "vary", "*")))
                .isZero();
        assertThat(Freshness.seconds(headers("cache-control", "max-age=60", "vary", "authorization")))
                .isEqualTo(60);
    }
}
