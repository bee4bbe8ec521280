/** Fakes to run a broker in a test, and the contracts of the SPIs as tests. */
module io.mqttparty.testkit {
    requires transitive io.mqttparty.core;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;

    exports io.mqttparty.testkit;
    exports io.mqttparty.testkit.cluster;
    exports io.mqttparty.testkit.contract;

    opens io.mqttparty.testkit.contract to
            org.junit.platform.commons;
}
