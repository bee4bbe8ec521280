package io.mqttparty.testkit;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * What a CONNECT packet says (section 3.1): MQTT 3.1.1, an empty client id, a clean session and no keep alive, unless told otherwise.
 * Nothing is checked. The flags follow from what was set, unless {@link #flags} sets them.
 */
public final class ConnectSpec {
    private static final int USERNAME = 0x80;
    private static final int PASSWORD = 0x40;
    private static final int WILL_RETAIN = 0x20;
    private static final int WILL = 0x04;
    private static final int CLEAN_SESSION = 0x02;

    private String protocolName = "MQTT";
    private int protocolLevel = 4;
    private int impliedFlags = CLEAN_SESSION;
    private OptionalInt flags = OptionalInt.empty();
    private int keepAlive;
    private byte[] clientId = Packets.string("");
    private byte[] will = {};
    private byte[] username = {};
    private byte[] password = {};

    ConnectSpec() {}

    /** The client identifier. */
    public ConnectSpec clientId(String value) {
        clientId = Packets.string(value);
        return this;
    }

    /** Whether the session ends with the connection. */
    public ConnectSpec cleanSession(boolean value) {
        impliedFlags = value ? impliedFlags | CLEAN_SESSION : impliedFlags & ~CLEAN_SESSION;
        return this;
    }

    /** The keep alive in seconds. */
    public ConnectSpec keepAlive(int seconds) {
        keepAlive = seconds;
        return this;
    }

    /** The will, with a payload of text. */
    public ConnectSpec will(String topic, String payload, int qos, boolean retain) {
        return will(topic, payload.getBytes(StandardCharsets.UTF_8), qos, retain);
    }

    /** The will. */
    public ConnectSpec will(String topic, byte[] payload, int qos, boolean retain) {
        will = Packets.concat(Packets.string(topic), Packets.lengthPrefixed(payload));
        impliedFlags |= WILL | qos << 3 | (retain ? WILL_RETAIN : 0);
        return this;
    }

    /** The user name. */
    public ConnectSpec username(String value) {
        username = Packets.string(value);
        impliedFlags |= USERNAME;
        return this;
    }

    /** The password as text. */
    public ConnectSpec password(String value) {
        return password(value.getBytes(StandardCharsets.UTF_8));
    }

    /** The password. */
    public ConnectSpec password(byte[] value) {
        password = Packets.lengthPrefixed(value);
        impliedFlags |= PASSWORD;
        return this;
    }

    /** Another protocol name than {@code MQTT}. */
    public ConnectSpec protocolName(String value) {
        protocolName = value;
        return this;
    }

    /** Another protocol level than 4. */
    public ConnectSpec protocolLevel(int value) {
        protocolLevel = value;
        return this;
    }

    /** The connect flags as they stand (section 3.1.2.3), whatever else was set. */
    public ConnectSpec flags(int value) {
        flags = OptionalInt.of(value);
        return this;
    }

    byte[] toBytes() {
        return Packets.packet(
                Packets.CONNECT,
                0,
                Packets.string(protocolName),
                Packets.bytes(protocolLevel, flags.orElse(impliedFlags)),
                Packets.uint16(keepAlive),
                clientId,
                will,
                username,
                password);
    }
}
