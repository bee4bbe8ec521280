package io.mqttparty.http.internal.decision;

import java.net.http.HttpHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an answer says of a client in headers that begin with a prefix. */
final class Attributes {
    private static final int MOST = 32;
    private static final int MOST_CHARACTERS = 8_192;

    private Attributes() {}

    /**
     * The rest of each name in lower case, and its values joined by commas.
     *
     * @throws DecisionException if there are too many, or too much in them
     */
    static Map<String, String> of(HttpHeaders headers, String prefix) {
        Map<String, String> attributes = new HashMap<>();
        int characters = 0;
        for (Map.Entry<String, List<String>> each : headers.map().entrySet()) {
            String name = each.getKey().toLowerCase(Locale.ROOT);
            if (name.length() > prefix.length() && name.startsWith(prefix)) {
                String value = String.join(",", each.getValue());
                attributes.put(name.substring(prefix.length()), value);
                characters += name.length() + value.length();
                if (attributes.size() > MOST || characters > MOST_CHARACTERS) {
                    throw new DecisionException(
                            "attributes: more than " + MOST + " or " + MOST_CHARACTERS + " characters");
                }
            }
        }
        return attributes;
    }

    /** How much text they are. */
    static int characters(Map<String, String> attributes) {
        int characters = 0;
        for (Map.Entry<String, String> each : attributes.entrySet()) {
            characters += each.getKey().length() + each.getValue().length();
        }
        return characters;
    }
}
