package io.mqttparty.redis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.MqttPartyException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions of Redis that cannot be started here. */
final class ServerCheckTest {
    @ParameterizedTest
    @ValueSource(strings = {"6.2.14", "5.0.7", "4", "", "unstable"})
    void refuse_versionTooOldOrUnknown_saysWhichIsExpected(String version) {
        assertThatThrownBy(() -> ServerCheck.refuse(Map.of("redis_version", version)))
                .isInstanceOf(MqttPartyException.class)
                .hasMessage("redis: version " + version + " (expected: 7.0 or newer)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.0.0", "7.4.1", "8.0.2", "10.0"})
    void refuse_versionNewEnough_accepted(String version) {
        assertThatCode(() -> ServerCheck.refuse(Map.of("redis_version", version, "role", "master")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.2.4", "8.1.1"})
    void refuse_valkey_acceptedWhateverRedisItSaysItIs(String version) {
        assertThatCode(() -> ServerCheck.refuse(Map.of("valkey_version", version, "redis_version", "6.2.0")))
                .doesNotThrowAnyException();
    }
}
