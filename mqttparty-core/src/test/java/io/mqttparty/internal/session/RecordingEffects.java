package io.mqttparty.internal.session;

import io.mqttparty.internal.packet.ConnackCode;
import io.mqttparty.internal.packet.Connect;
import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.DropReason;
import java.util.ArrayList;
import java.util.List;

/** Writes down every effect as a line. Publishes answer nothing; the test does. */
final class RecordingEffects implements Effects {
    private final List<String> lines = new ArrayList<>();
    boolean writable = true;
    long now;
    /** Sent and acknowledged up to where; apart from the lines, since how often is a matter of limits. */
    final List<String> watermarks = new ArrayList<>();

    /** The effects since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    @Override
    public void sendConnack(ConnackCode code, boolean sessionPresent) {
        lines.add("CONNACK " + code + (sessionPresent ? " present" : ""));
    }

    @Override
    public void sendPublish(Message message, int packetId, QoS qos, boolean dup, boolean retain) {
        lines.add("PUBLISH " + message.payload().asUtf8String() + " id=" + packetId + " qos=" + qos.value()
                + (dup ? " dup" : "") + (retain ? " retain" : ""));
    }

    @Override
    public void sendAcknowledgement(PacketType type, int packetId) {
        lines.add(type + " " + packetId);
    }

    @Override
    public void sendSuback(int packetId, List<Integer> codes) {
        lines.add("SUBACK " + packetId + " " + codes);
    }

    @Override
    public void sendUnsuback(int packetId) {
        lines.add("UNSUBACK " + packetId);
    }

    @Override
    public void sendPingresp() {
        lines.add("PINGRESP");
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public long currentTimeMillis() {
        return now;
    }

    @Override
    public void connect(Connect connect) {
        lines.add("connect " + connect.clientId());
    }

    @Override
    public void publish(Message message, int ticket) {
        lines.add("publish " + message.payload().asUtf8String() + " ticket=" + ticket);
    }

    @Override
    public void publishQos2(Message message, int packetId, int ticket) {
        lines.add("publishQos2 " + message.payload().asUtf8String() + " id=" + packetId + " ticket=" + ticket);
    }

    @Override
    public void clearQos2(int packetId) {
        lines.add("clearQos2 " + packetId);
    }

    @Override
    public void subscribe(Subscribe subscribe) {
        lines.add("subscribe " + subscribe.packetId());
    }

    @Override
    public void unsubscribe(Unsubscribe unsubscribe) {
        lines.add("unsubscribe " + unsubscribe.packetId());
    }

    @Override
    public void read(long afterSeq, int max) {
        lines.add("read after=" + afterSeq);
    }

    @Override
    public void acknowledge(long seq) {
        lines.add("acknowledge " + seq);
    }

    @Override
    public void release(long seq) {
        lines.add("release " + seq);
    }

    @Override
    public void complete(long seq) {
        lines.add("complete " + seq);
    }

    @Override
    public void finished(long seq) {
        lines.add("finished " + seq);
    }

    @Override
    public void watermark(long sentUpTo, long acknowledgedUpTo) {
        watermarks.add(sentUpTo + " " + acknowledgedUpTo);
    }

    @Override
    public void waiting(long bytes) {
        // the budget is the driver's
    }

    @Override
    public void drop(Message message, DropReason reason) {
        lines.add("drop " + message.payload().asUtf8String() + " " + reason);
    }

    @Override
    public void relieved() {
        lines.add("relieved");
    }

    @Override
    public void close(ReasonCode reason) {
        lines.add("close " + reason);
    }
}
