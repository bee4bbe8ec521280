package io.mqttparty.testkit;

import io.mqttparty.model.Payload;
import java.util.List;

/** A packet that a server may send, as {@link TestClient} read it. Packet ids are 1 to 65535. */
public sealed interface ServerPacket {
    /**
     * CONNACK (section 3.2).
     *
     * @param returnCode 0 to 5
     * @param sessionPresent the only acknowledge flag
     */
    record Connack(int returnCode, boolean sessionPresent) implements ServerPacket {}

    /**
     * PUBLISH (section 3.3).
     *
     * @param topic the topic name
     * @param payload the application message
     * @param qos 0 to 2
     * @param retain the retain flag
     * @param dup the duplicate flag
     * @param packetId the packet id; 0 at QoS 0, which has none
     */
    record Publish(String topic, Payload payload, int qos, boolean retain, boolean dup, int packetId)
            implements ServerPacket {
        /** The payload as text. */
        public String text() {
            return payload.asUtf8String();
        }

        /** All fields, with the payload as text: tests want to see it. */
        @Override
        public String toString() {
            return "Publish[topic=" + topic + ", payload=" + text() + ", qos=" + qos + ", retain=" + retain + ", dup="
                    + dup + ", packetId=" + packetId + "]";
        }
    }

    /**
     * PUBACK (section 3.4).
     *
     * @param packetId the packet id
     */
    record Puback(int packetId) implements ServerPacket {}

    /**
     * PUBREC (section 3.5).
     *
     * @param packetId the packet id
     */
    record Pubrec(int packetId) implements ServerPacket {}

    /**
     * PUBREL (section 3.6).
     *
     * @param packetId the packet id
     */
    record Pubrel(int packetId) implements ServerPacket {}

    /**
     * PUBCOMP (section 3.7).
     *
     * @param packetId the packet id
     */
    record Pubcomp(int packetId) implements ServerPacket {}

    /**
     * SUBACK (section 3.9).
     *
     * @param packetId the packet id
     * @param codes for each filter the granted QoS, or 128 for refused
     */
    record Suback(int packetId, List<Integer> codes) implements ServerPacket {
        /** Copies the list. */
        public Suback {
            codes = List.copyOf(codes);
        }
    }

    /**
     * UNSUBACK (section 3.11).
     *
     * @param packetId the packet id
     */
    record Unsuback(int packetId) implements ServerPacket {}

    /** PINGRESP (section 3.13). */
    record Pingresp() implements ServerPacket {}
}
