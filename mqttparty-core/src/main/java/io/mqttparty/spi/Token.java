package io.mqttparty.spi;

/**
 * Names one {@link SessionStore#attach attach}: a connection while it lives and, if the attach created the session, that incarnation of the
 * session for ever. Compared for equality only. An attach that is repeated because its outcome is unknown carries the same token.
 *
 * @param value {@code <node id>-<counter>}
 */
public record Token(String value) {
    /** Checks that there is something. */
    public Token {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("token: empty (expected: at least one character)");
        }
    }

    // Written out for the time of a start: docs/adr/0011
    @Override
    public boolean equals(Object other) {
        return other instanceof Token that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
