package io.mqttparty.testkit;

import static io.mqttparty.testkit.ServerPacketReader.breach;

import io.mqttparty.testkit.FrameBuffer.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What both sides owe each other on one connection. It reads along what the client sends, as bytes, and checks that each packet of the
 * server is allowed now: nothing before CONNACK, no answer that was not asked for, acknowledgements in order, no packet id used twice. Once
 * the client has sent something that is no MQTT the server owes it nothing, and only the order around CONNACK is checked.
 */
final class Exchanges {
    private record Owed(int packetId, int codes) {}

    private final FrameBuffer sent = new FrameBuffer();
    private final Map<Integer, Deque<Owed>> owed = new HashMap<>();
    private final Set<Integer> received = new HashSet<>();
    private final Set<Integer> unfinished = new HashSet<>();
    private final Set<Integer> finishedUnseen = new HashSet<>();
    private Optional<ServerPacket.Connack> connack = Optional.empty();
    private boolean cleanSession;
    private boolean lost;

    void onSent(byte[] bytes) {
        sent.add(bytes);
        try {
            for (Optional<Frame> frame = sent.next(); frame.isPresent() && !lost; frame = sent.next()) {
                onSent(frame.get());
            }
        } catch (RuntimeException e) { // not MQTT: a test does that on purpose
            lost = true;
        }
    }

    private void onSent(Frame frame) {
        ByteBuffer body = frame.body();
        switch (frame.type()) {
            case Packets.CONNECT -> cleanSession = (body.get(Short.BYTES + body.getShort(0) + 1) & 2) != 0;
            case Packets.PUBLISH -> onSentPublish(frame.flags() >> 1 & 3, body);
            case Packets.PUBACK, Packets.PUBCOMP -> finish(body.getChar());
            case Packets.PUBREL -> owe(Packets.PUBCOMP, body.getChar(), 0);
            case Packets.SUBSCRIBE -> owe(Packets.SUBACK, body.getChar(), countStrings(body, 1));
            case Packets.UNSUBSCRIBE -> owe(Packets.UNSUBACK, body.getChar(), 0);
            case Packets.PINGREQ -> owe(Packets.PINGRESP, 0, 0);
            case Packets.PUBREC, Packets.DISCONNECT -> {}
            default -> lost = true;
        }
    }

    private void onSentPublish(int qos, ByteBuffer body) {
        if (qos > 0) {
            body.position(Short.BYTES + body.getChar(0));
            owe(qos == 1 ? Packets.PUBACK : Packets.PUBREC, body.getChar(), 0);
        }
    }

    /** The client may answer what has come before the test looked at it. */
    private void finish(int packetId) {
        if (!unfinished.remove(packetId)) {
            finishedUnseen.add(packetId);
        }
    }

    private void owe(int answer, int packetId, int codes) {
        owed.computeIfAbsent(answer, each -> new ArrayDeque<>()).add(new Owed(packetId, codes));
    }

    private static int countStrings(ByteBuffer body, int bytesBehindEach) {
        int count = 0;
        while (body.hasRemaining()) {
            int length = body.getChar();
            body.position(body.position() + length + bytesBehindEach);
            count++;
        }
        return count;
    }

    void onReceived(ServerPacket packet) {
        if (packet instanceof ServerPacket.Connack that) {
            onReceivedConnack(that);
            return;
        }
        if (connack.isEmpty()) {
            throw breach("MQTT-3.2.0-1", packet + " before CONNACK");
        }
        if (connack.get().returnCode() != 0) {
            throw breach("MQTT-3.2.2-5", packet + " after a CONNACK that refused");
        }
        if (!lost) {
            check(packet);
        }
    }

    private void onReceivedConnack(ServerPacket.Connack packet) {
        if (connack.isPresent()) {
            throw breach("3.2", "a second CONNACK");
        }
        if (packet.sessionPresent() && cleanSession) {
            throw breach("MQTT-3.2.2-1", "session present after CONNECT with a clean session");
        }
        connack = Optional.of(packet);
    }

    private void check(ServerPacket packet) {
        if (packet instanceof ServerPacket.Publish that) {
            onReceivedPublish(that);
        } else if (packet instanceof ServerPacket.Pubrel that) {
            onReceivedPubrel(that);
        } else if (packet instanceof ServerPacket.Puback that) {
            settleInOrder(Packets.PUBACK, that.packetId(), "MQTT-4.6.0-2", packet);
        } else if (packet instanceof ServerPacket.Pubrec that) {
            settleInOrder(Packets.PUBREC, that.packetId(), "MQTT-4.6.0-3", packet);
        } else if (packet instanceof ServerPacket.Pubcomp that) {
            settle(Packets.PUBCOMP, new Owed(that.packetId(), 0), packet);
        } else if (packet instanceof ServerPacket.Suback that) {
            settle(Packets.SUBACK, new Owed(that.packetId(), that.codes().size()), packet);
        } else if (packet instanceof ServerPacket.Unsuback that) {
            settle(Packets.UNSUBACK, new Owed(that.packetId(), 0), packet);
        } else if (packet instanceof ServerPacket.Pingresp) {
            settle(Packets.PINGRESP, new Owed(0, 0), packet);
        }
    }

    private void onReceivedPublish(ServerPacket.Publish packet) {
        if (packet.qos() == 0) {
            return;
        }
        boolean first = received.add(packet.packetId());
        boolean inUse = !unfinished.add(packet.packetId());
        if (finishedUnseen.remove(packet.packetId())) {
            unfinished.remove(packet.packetId());
        }
        if (inUse && !packet.dup()) {
            throw breach("MQTT-2.3.1-4", packet + " has a packet id that is in use");
        }
        if (first && packet.dup() && isNewSession()) {
            throw breach("MQTT-4.3.2-1", packet + " is the first of its session");
        }
    }

    private void onReceivedPubrel(ServerPacket.Pubrel packet) {
        if (isNewSession() && !received.contains(packet.packetId())) {
            throw breach("MQTT-2.3.1-6", packet + " for a PUBLISH that never came");
        }
    }

    private boolean isNewSession() {
        return connack.isPresent() && !connack.get().sessionPresent();
    }

    private void settleInOrder(int answer, int packetId, String clause, ServerPacket packet) {
        Deque<Owed> waiting = owed.getOrDefault(answer, new ArrayDeque<>());
        boolean outOfOrder = !waiting.isEmpty() && waiting.getFirst().packetId() != packetId;
        if (outOfOrder && waiting.contains(new Owed(packetId, 0))) {
            throw breach(
                    clause,
                    packet + " overtook that for packet id "
                            + waiting.getFirst().packetId());
        }
        settle(answer, new Owed(packetId, 0), packet);
    }

    private void settle(int answer, Owed expected, ServerPacket packet) {
        Deque<Owed> waiting = owed.getOrDefault(answer, new ArrayDeque<>());
        if (!waiting.remove(expected)) {
            throw breach("2.3.1", packet + " answers nothing that was sent; open: " + waiting);
        }
    }
}
