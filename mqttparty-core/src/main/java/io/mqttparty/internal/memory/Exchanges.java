package io.mqttparty.internal.memory;

import io.mqttparty.model.Message;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.SessionStore.Qos2In;
import io.mqttparty.spi.SessionStore.Qos2InState;
import io.mqttparty.spi.SessionStore.Qos2Out;
import io.mqttparty.spi.SessionStore.Qos2Publish;
import io.mqttparty.spi.SessionStore.Qos2Published;
import io.mqttparty.spi.SessionStore.Stored;
import java.util.List;

/** The steps of QoS 2, each of which happens once however often it is asked for (section 4.3.3). */
final class Exchanges {
    private final SessionTable table;
    private final Appender appender;
    private final RetainedMap retained;

    Exchanges(SessionTable table, Appender appender, RetainedMap retained) {
        this.table = table;
        this.appender = appender;
        this.retained = retained;
    }

    FenceResult beginRetained(Fence publisher, Qos2Publish publish) {
        return table.fenced(publisher, FenceResult.STALE, (record, session) -> {
            if (session.inbound().get(publish.packetId()) == null) {
                retained.put(publish.message());
                session.inbound().put(publish.packetId(), Qos2InState.BEGUN, publish.messageId());
            }
            return FenceResult.OK;
        });
    }

    Qos2Published publish(Fence publisher, Qos2Publish publish) {
        Message message = publish.message();
        Qos2Published result;
        synchronized (table.stepLock(publisher.client())) {
            result = remember(publisher, publish);
            List<Leg> legs = publish.targets().legs();
            result = switch (result.status()) {
                case NEW -> withLegs(result, appender.appendAll(message, legs));
                case DUPLICATE -> withLegs(result, appender.owners(legs));
                case STALE -> result;
            };
        }
        return result.status() == Qos2Published.Status.NEW
                ? new Qos2Published(
                        result.status(),
                        result.messageId(),
                        result.upstreamDone(),
                        result.legs(),
                        appender.transmit(message, publish.targets()))
                : result;
    }

    private static Qos2Published withLegs(Qos2Published result, List<Stored> legs) {
        return new Qos2Published(result.status(), result.messageId(), result.upstreamDone(), legs, List.of());
    }

    private Qos2Published remember(Fence publisher, Qos2Publish publish) {
        Qos2Published stale =
                new Qos2Published(Qos2Published.Status.STALE, publish.messageId(), false, List.of(), List.of());
        return table.fenced(publisher, stale, (record, session) -> {
            InboundExchanges.Exchange known = session.inbound().get(publish.packetId());
            if (known != null && known.state() != Qos2InState.BEGUN) { // [MQTT-4.3.3-2]
                boolean done = known.state() == Qos2InState.DONE;
                return new Qos2Published(Qos2Published.Status.DUPLICATE, known.messageId(), done, List.of(), List.of());
            }
            var messageId = known == null ? publish.messageId() : known.messageId();
            Qos2InState state = publish.upstream() ? Qos2InState.ENQUEUED : Qos2InState.DONE;
            session.inbound().put(publish.packetId(), state, messageId);
            return new Qos2Published(Qos2Published.Status.NEW, messageId, !publish.upstream(), List.of(), List.of());
        });
    }

    FenceResult in(Fence publisher, int packetId, Qos2In step) {
        return table.fenced(publisher, FenceResult.STALE, (record, session) -> {
            InboundExchanges.Exchange known = session.inbound().get(packetId);
            switch (step) {
                case CLEAR -> session.inbound().remove(packetId);
                case DONE -> {
                    if (known != null && known.state() == Qos2InState.ENQUEUED) {
                        session.inbound().put(packetId, Qos2InState.DONE, known.messageId());
                    }
                }
            }
            return FenceResult.OK;
        });
    }

    FenceResult out(Fence fence, long seq, Qos2Out step) {
        return table.fenced(fence, FenceResult.STALE, (record, session) -> {
            switch (step) {
                case RELEASED -> session.release(seq);
                case COMPLETED -> session.complete(seq);
            }
            return FenceResult.OK;
        });
    }
}
