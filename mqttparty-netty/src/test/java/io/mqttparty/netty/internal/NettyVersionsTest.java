package io.mqttparty.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which Netty is warned about. */
class NettyVersionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"4.2.17.Final", "4.2.18.Final", "4.3.0.Final", "5.0.0.Final", "unknown", "", "4.2"})
    void problem_newEnoughOrUnknown_none(String version) {
        assertThat(NettyVersions.problem(Map.of("netty-common", version))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.2.16.Final", "4.1.140.Final", "3.10.0.Final"})
    void problem_tooOld_said(String version) {
        assertThat(NettyVersions.problem(Map.of("netty-common", version)))
                .hasValue("Netty " + version + " lacks security fixes (expected: 4.2.17.Final or newer)");
    }

    @Test
    void problem_mixed_said() {
        assertThat(NettyVersions.problem(Map.of("netty-common", "4.2.18.Final", "netty-buffer", "4.2.17.Final")))
                .hasValueSatisfying(text -> assertThat(text).contains("netty-buffer=4.2.17.Final"));
    }

    @Test
    void problem_foreignArtifactDiffers_none() {
        assertThat(NettyVersions.problem(Map.of("netty-common", "4.2.18.Final", "netty-codec-mqtt", "4.1.0.Final")))
                .isEmpty();
    }

    @Test
    void found_thisBuild_asNettySaysAndGood() {
        Map<String, String> found = NettyVersions.found();
        Version.identify()
                .forEach((artifact, version) -> assertThat(found).containsEntry(artifact, version.artifactVersion()));
        assertThat(found).containsKeys("netty-common", "netty-transport", "netty-codec-haproxy");
        assertThat(NettyVersions.problem(found)).isEmpty();
    }
}
