package io.mqttparty.redis.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.Will;
import io.mqttparty.redis.internal.record.UnreadableRecordException;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.SessionStore.RetainedCursor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Wills and cursors as bytes. */
final class WillRecordsTest {
    private static final ClientId A = ClientId.of("a");
    private static final Will WILL =
            new Will(Message.of("status", "gone", QoS.EXACTLY_ONCE).withRetain(true));

    @Test
    void decode_encoded_isTheSame() {
        for (Optional<String> name : List.of(Optional.<String>empty(), Optional.of(""), Optional.of("ö:,"))) {
            assertThat(WillRecords.decode(A, 7, WillRecords.encode(name, WILL)))
                    .isEqualTo(new PendingWill(A, 7, name, WILL));
        }
    }

    @Test
    void decode_longestUserName_isTheSame() {
        String name = "u".repeat(65_535);

        assertThat(WillRecords.decode(A, 7, WillRecords.encode(Optional.of(name), WILL))
                        .username())
                .contains(name);
    }

    @Test
    void decode_otherVersionOrCut_isUnreadable() {
        byte[] bytes = WillRecords.encode(Optional.of("user"), WILL);
        for (int length = 0; length < 10 + 4 + 4 + 6; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> WillRecords.decode(A, 7, cut)).isInstanceOf(UnreadableRecordException.class);
        }
        bytes[0] = 2;
        assertThatThrownBy(() -> WillRecords.decode(A, 7, bytes)).isInstanceOf(UnreadableRecordException.class);
    }

    @Test
    void cursors_encodedOneAfterTheOther_areTheSame() {
        RetainedCursor first = new RetainedCursor(TopicFilter.of("ä/#"), QoS.AT_LEAST_ONCE, "");
        RetainedCursor second = new RetainedCursor(TopicFilter.of("+"), QoS.EXACTLY_ONCE, "ö");
        byte[] one = RetainedCursors.encode(first);
        byte[] two = RetainedCursors.encode(second);
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);

        assertThat(RetainedCursors.decode(both)).containsExactly(first, second);
        assertThat(RetainedCursors.decode(new byte[0])).isEmpty();
        assertThatThrownBy(() -> RetainedCursors.decode(Arrays.copyOf(both, both.length - 1)))
                .isInstanceOf(UnreadableRecordException.class);
    }
}
