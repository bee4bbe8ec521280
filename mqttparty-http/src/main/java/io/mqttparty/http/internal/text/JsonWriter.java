package io.mqttparty.http.internal.text;

import io.mqttparty.model.Payload;

/**
 * Writes one JSON text (RFC 8259) that can be put anywhere: all but printable characters is escaped, so are the line separators of JavaScript, and a
 * lone surrogate, which no JSON text may hold (RFC 7493), becomes U+FFFD. It does not check that what is opened is closed.
 */
public final class JsonWriter {
    private static final char REPLACEMENT = '\uFFFD';

    private final StringBuilder json = new StringBuilder(128);
    private boolean first = true;

    /** Begins an object, as the whole text or an element of an array. */
    public JsonWriter beginObject() {
        return open('{');
    }

    /** Begins an object as the value of a member. */
    public JsonWriter beginObject(String name) {
        name(name);
        first = true;
        return open('{');
    }

    /** Ends it. */
    public JsonWriter endObject() {
        return close('}');
    }

    /** Begins an array as the value of a member. */
    public JsonWriter beginArray(String name) {
        name(name);
        first = true;
        return open('[');
    }

    /** Ends it. */
    public JsonWriter endArray() {
        return close(']');
    }

    /** A member that is text. */
    public JsonWriter member(String name, String value) {
        name(name);
        quote(value);
        return this;
    }

    /** A member that is a number. */
    public JsonWriter member(String name, long value) {
        name(name);
        json.append(value);
        return this;
    }

    /** A member that is true or false. */
    public JsonWriter member(String name, boolean value) {
        name(name);
        json.append(value);
        return this;
    }

    private JsonWriter open(char bracket) {
        separate();
        json.append(bracket);
        first = true;
        return this;
    }

    private JsonWriter close(char bracket) {
        json.append(bracket);
        first = false;
        return this;
    }

    private void name(String name) {
        separate();
        quote(name);
        json.append(':');
    }

    private void separate() {
        if (!first) {
            json.append(',');
        }
        first = false;
    }

    private void quote(String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || (c >= 0x7F && c < 0xA0) || c == '\u2028' || c == '\u2029') {
                json.append("\\u").append(String.format("%04x", (int) c));
            } else if (!Character.isSurrogate(c)) {
                json.append(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                json.append(c).append(text.charAt(++i));
            } else {
                json.append(REPLACEMENT);
            }
        }
        json.append('"');
    }

    /** The text in UTF-8. */
    public Payload toPayload() {
        return Payload.utf8(json.toString());
    }

    /** The text. */
    @Override
    public String toString() {
        return json.toString();
    }
}
