package io.mqttparty.internal.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PacketTest {
    @Test
    void types_areNumberedAsInTheStandard() {
        assertThat(PacketType.of(1)).isEqualTo(PacketType.CONNECT);
        assertThat(PacketType.of(3)).isEqualTo(PacketType.PUBLISH);
        assertThat(PacketType.of(8)).isEqualTo(PacketType.SUBSCRIBE);
        assertThat(PacketType.of(14)).isEqualTo(PacketType.DISCONNECT);
        assertThat(PacketType.values()).hasSize(16);
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCESS, 0", "UNSUPPORTED_PROTOCOL_VERSION, 1", "CLIENT_IDENTIFIER_NOT_VALID, 2", "SERVER_UNAVAILABLE, 3",
        "SERVER_BUSY, 3", "UNSPECIFIED_ERROR, 3", "BAD_USER_NAME_OR_PASSWORD, 4", "NOT_AUTHORIZED, 5"
    })
    void reason_ofARefusedConnect_hasTheCodeOf311(ReasonCode reason, int code) {
        assertThat(ConnackCode.of(reason).ordinal()).isEqualTo(code);
    }

    @Test
    void lists_givenToPackets_areCopied() {
        List<Subscription> subscriptions = new ArrayList<>(List.of(Subscription.of("a", QoS.AT_MOST_ONCE)));
        List<TopicFilter> filters = new ArrayList<>(List.of(TopicFilter.of("a")));
        List<Integer> codes = new ArrayList<>(List.of(0));
        Subscribe subscribe = new Subscribe(1, subscriptions);
        Unsubscribe unsubscribe = new Unsubscribe(1, filters);
        Suback suback = new Suback(1, codes);
        subscriptions.clear();
        filters.clear();
        codes.clear();
        assertThat(subscribe.subscriptions()).hasSize(1);
        assertThat(unsubscribe.filters()).hasSize(1);
        assertThat(suback.codes()).containsExactly(0);
    }
}
