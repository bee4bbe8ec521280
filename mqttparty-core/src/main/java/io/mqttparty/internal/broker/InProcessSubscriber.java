package io.mqttparty.internal.broker;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import java.util.function.Consumer;

/** The application as a subscriber. Called on the broker's first loop, one message after the other. */
final class InProcessSubscriber implements LocalSubscriber {
    private final LoopContext loop;
    private final Consumer<Message> listener;
    private final BrokerLog log;

    InProcessSubscriber(LoopContext loop, Consumer<Message> listener, BrokerLog log) {
        this.loop = loop;
        this.listener = listener;
        this.log = log;
    }

    @Override
    public LoopContext loop() {
        return loop;
    }

    @Override
    public void deliver(Message message, QoS grant) {
        try {
            listener.accept(message.withQos(message.qos().min(grant)));
        } catch (Throwable e) {
            log.listenerFailed(e);
        }
    }

    @Override
    public boolean isCongested() {
        return false;
    }

    @Override
    public void holdBack(ConnectionDriver publisher) {}
}
