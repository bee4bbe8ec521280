package io.mqttparty.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class SpecificationTest {
    @Test
    void parse_commentAndColumnNames_skipped() {
        assertThat(Fixtures.specification().all())
                .extracting(Statement::id)
                .containsExactly("MQTT-1.0.0-1", "MQTT-1.0.0-2", "MQTT-1-0.0-3", "MQTT-1.0.0-4");
    }

    @Test
    void bindsServer_eachKind_trueForServerAndBoth() {
        assertThat(Fixtures.specification().all())
                .filteredOn(Statement::bindsServer)
                .extracting(Statement::binds)
                .containsExactly(Statement.Binds.SERVER, Statement.Binds.BOTH);
    }

    @Test
    void parse_sameIdTwice_refused() {
        String twice = Fixtures.STATEMENTS + "MQTT-1.0.0-1\tserver\tagain\n";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Specification.parse(twice, Fixtures.NO_EXEMPTIONS))
                .withMessageContaining("MQTT-1.0.0-1");
    }

    @Test
    void parse_exemptionWithoutReason_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Specification.parse(Fixtures.STATEMENTS, "id\treason\nMQTT-1.0.0-1\t \n"));
    }

    @Test
    void parse_unknownParty_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Specification.parse("id\tbinds\tin short\nMQTT-1.0.0-1\tproxy\tx\n", ""));
    }
}
