package io.mqttparty.internal.broker;

import io.mqttparty.internal.packet.Connect;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.internal.session.ConnectionMachine;
import io.mqttparty.model.Message;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.transport.TransportChannel;
import org.jspecify.annotations.Nullable;

/** The effects of a connection's machine that other parts of the broker perform, and the session that they are about. */
abstract class ConnectionEffects extends ConnectionOutput implements PublishListener {
    private final Pressure pressure;
    private @Nullable LiveSession session;
    private boolean failureTold;
    private @Nullable ConnectFlow connecting;

    ConnectionEffects(BrokerRuntime broker, LoopContext loop, TransportChannel channel) {
        super(broker, loop, channel);
        this.pressure = new Pressure(self());
    }

    /** This connection, for those who perform the effects. */
    abstract ConnectionDriver self();

    abstract ConnectionMachine machine();

    @Override
    public void connect(Connect connect) {
        ConnectFlow flow = new ConnectFlow(broker(), self(), connect);
        connecting = flow;
        flow.start();
    }

    @Override
    public void publish(Message message, int ticket) {
        onPublishReceived();
        broker().dispatcher().publish(self(), message, ticket);
    }

    @Override
    public void publishQos2(Message message, int packetId, int ticket) {
        onPublishReceived();
        broker().qos2().publish(self(), message, packetId, ticket);
    }

    private void onPublishReceived() {
        loop().counters().add(Counter.PUBLISHES_RECEIVED);
        if (loop().budget().isExhausted()) {
            loop().holdForBudget(self());
            broker().shedding().watch(loop());
        }
    }

    @Override
    public void clearQos2(int packetId) {
        broker().qos2().clear(self(), packetId);
    }

    @Override
    public void subscribe(Subscribe subscribe) {
        new SubscribeFlow(broker(), self(), subscribe).start();
    }

    @Override
    public void unsubscribe(Unsubscribe unsubscribe) {
        new UnsubscribeFlow(broker(), self(), unsubscribe).start();
    }

    @Override
    public void read(long afterSeq, int max) {
        broker().queues().read(self(), afterSeq, max);
    }

    @Override
    public void acknowledge(long seq) {
        session().acknowledged(seq);
        markDirty();
    }

    @Override
    public void release(long seq) {
        broker().qos2().release(self(), seq);
    }

    @Override
    public void complete(long seq) {
        broker().qos2().complete(self(), seq);
    }

    @Override
    public void watermark(long sentUpTo, long acknowledgedUpTo) {
        broker().queues().watermark(self(), sentUpTo, acknowledgedUpTo);
    }

    @Override
    public void finished(long seq) {
        pressure.progressed();
        if (session != null && session.watchesIfAny() != null) {
            session.watches().onFinished(seq);
        }
    }

    @Override
    public void drop(Message message, DropReason reason) {
        if (session != null && session.watchesIfAny() != null) {
            session.watches().onDropped(message);
        }
        broker().dropped(loop(), session().clientId(), message.topic(), reason);
    }

    @Override
    public void waiting(long bytes) {
        loop().budget().add(bytes);
    }

    @Override
    public long currentTimeMillis() {
        return broker().clock().millis();
    }

    @Override
    public void relieved() {
        pressure.relieve();
        markDirty();
    }

    @Override
    final void onSent(Message message, int packetId) {
        if (session != null && session.watchesIfAny() != null) {
            session.watches().onSent(message, packetId);
        }
    }

    @Override
    final void onTurnEnd() {
        LiveSession s = session;
        if (s != null && s.hasAcknowledged()) {
            broker().writeBehind().acknowledge(loop(), s.ref, s.takeAcknowledged());
        }
        if (s != null && !isClosed()) {
            s.onProgress();
        }
    }

    @Override
    final void onAnswersPiledUp() {
        pressure.hold(Pressure.ANSWERS);
    }

    @Override
    final void onAnswersRead() {
        pressure.release(Pressure.ANSWERS);
    }

    // ---- what became of publishes ----

    @Override
    public void onPublished(int ticket, PublishOutcome outcome) {
        machine().onPublished(ticket);
    }

    @Override
    public void onPublishFailed(int ticket, Throwable cause) {
        loop().counters().add(Counter.PUBLISHES_FAILED);
        pressure.failed();
        if (!failureTold) { // what comes behind it fails for the same reason
            failureTold = true;
            broker().log().publishFailed(self(), cause);
        }
        machine().onEnd(ReasonCode.SERVER_UNAVAILABLE); // [MQTT-4.8.0-2]
    }

    @Override
    public void onPending(int change) {
        pressure.pending(change);
    }

    // ---- session ----

    /** The CONNECT that is being worked on. */
    @Nullable
    ConnectFlow connecting() {
        return connecting;
    }

    /** CONNECT is done, one way or the other. */
    void connectDone() {
        ConnectFlow done = connecting;
        connecting = null;
        if (done != null) {
            done.done();
        }
    }

    @Override
    @Nullable
    LiveSession sessionIfAny() {
        return session;
    }

    /** The session of an accepted connection. */
    LiveSession session() {
        LiveSession s = session;
        if (s == null) {
            throw new IllegalStateException("not accepted");
        }
        return s;
    }

    /** The connection is accepted. */
    void accept(LiveSession accepted) {
        session = accepted;
    }

    final Pressure pressure() {
        return pressure;
    }
}
