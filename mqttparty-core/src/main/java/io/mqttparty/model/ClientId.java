package io.mqttparty.model;

import java.nio.charset.StandardCharsets;

/**
 * The identifier that keys a session (section 3.1.3.1): one to 65,535 bytes of UTF-8 without U+0000. How long an id the broker
 * accepts is a limit of its configuration.
 *
 * @param value the identifier as text
 */
public record ClientId(String value) implements Comparable<ClientId> {
    /** Checks the rules of the standard. */
    public ClientId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("clientId: empty (expected: at least one character)");
        }
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("clientId: contains U+0000 (expected: none)");
        }
        if (value.length() > 21_845 && value.getBytes(StandardCharsets.UTF_8).length > 65_535) {
            throw new IllegalArgumentException(
                    "clientId: " + value.length() + " characters (expected: at most 65535 bytes of UTF-8)");
        }
    }

    /** The client id with this text. */
    public static ClientId of(String value) {
        return new ClientId(value);
    }

    @Override
    public int compareTo(ClientId other) {
        return value.compareTo(other.value);
    }

    // Written out for the time of a start: docs/adr/0011
    @Override
    public boolean equals(Object other) {
        return other instanceof ClientId that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** The identifier itself. */
    @Override
    public String toString() {
        return value;
    }
}
