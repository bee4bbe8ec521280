package io.mqttparty.http.internal.decision;

import java.util.Map;

/**
 * An answer of the backend.
 *
 * @param verdict what it has decided
 * @param attributes what it said besides, in the headers of its answer
 */
public record Decision(Verdict verdict, Map<String, String> attributes) {
    /** Copies the attributes. */
    public Decision {
        attributes = Map.copyOf(attributes);
    }

    /** How much text it keeps alive. */
    int characters() {
        return Attributes.characters(attributes);
    }
}
