package io.mqttparty.internal.session;

import io.mqttparty.internal.packet.Connect;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Qos2InState;
import io.mqttparty.spi.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Machines in the states that tests begin with. */
final class Machines {
    static final SessionLimits LIMITS = new SessionLimits(3, 8, 10_000, 4, 100_000_000_000L);
    static final long FIRST = SessionStore.FIRST_SEQ;

    private static final ClientId CLIENT = ClientId.of("c");
    private static final Token TOKEN = new Token("t");

    private Machines() {}

    static Connect connect(boolean cleanSession, int keepAliveSeconds) {
        return new Connect(
                ProtocolVersion.MQTT_3_1_1,
                "c",
                cleanSession,
                keepAliveSeconds,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** A connected transient session, with an empty record of effects. */
    static ConnectionMachine transientSession(RecordingEffects effects) {
        ConnectionMachine machine = new ConnectionMachine(effects, LIMITS);
        machine.onConnect(connect(true, 10));
        machine.onAccepted(new Resumed().attached(), false, List.of(), FIRST - 1);
        effects.take();
        return machine;
    }

    /** A connected persistent session, new. */
    static ConnectionMachine persistentSession(RecordingEffects effects) {
        ConnectionMachine machine = new Resumed().connect(effects);
        effects.take();
        return machine;
    }

    static Message message(String payload, QoS qos) {
        return Message.of("t", payload, qos);
    }

    /** What a resumed session was found with. */
    static final class Resumed {
        private final List<Queued> records = new ArrayList<>();
        private final List<Long> released = new ArrayList<>();
        private final Map<Integer, Qos2InState> inbound = new HashMap<>();
        private long lastSeq = FIRST - 1;
        private long dupUpTo;
        private boolean present;

        Resumed record(long seq, QoS qos) {
            records.add(new Queued(seq, message("m" + seq, qos)));
            lastSeq = Math.max(lastSeq, seq);
            present = true;
            return this;
        }

        Resumed released(long seq) {
            released.add(seq);
            lastSeq = Math.max(lastSeq, seq);
            present = true;
            return this;
        }

        Resumed lastSeq(long seq) {
            lastSeq = seq;
            return this;
        }

        Resumed dupUpTo(long seq) {
            dupUpTo = seq;
            return this;
        }

        Resumed inbound(int packetId) {
            inbound.put(packetId, Qos2InState.DONE);
            return this;
        }

        Attached attached() {
            return new Attached(
                    new Fence(CLIENT, TOKEN, 1),
                    new SessionRef(CLIENT, TOKEN),
                    present,
                    lastSeq,
                    dupUpTo,
                    records,
                    released,
                    inbound,
                    List.of(),
                    List.of(),
                    List.of(),
                    Optional.empty());
        }

        ConnectionMachine connect(RecordingEffects effects) {
            return connect(effects, LIMITS);
        }

        ConnectionMachine connect(RecordingEffects effects, SessionLimits limits) {
            ConnectionMachine machine = new ConnectionMachine(effects, limits);
            machine.onConnect(Machines.connect(false, 10));
            long upTo = records.isEmpty()
                    ? lastSeq
                    : records.get(records.size() - 1).seq();
            machine.onAccepted(attached(), true, records, upTo);
            return machine;
        }
    }
}
