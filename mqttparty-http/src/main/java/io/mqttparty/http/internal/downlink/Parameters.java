package io.mqttparty.http.internal.downlink;

import io.mqttparty.http.internal.text.PercentDecoder;
import io.mqttparty.model.Limits;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The parameters of a query: each at most once, none that is not known. All that is wrong is a {@link ProblemException}. */
final class Parameters {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,3})?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private final Map<String, String> values;

    private Parameters(Map<String, String> values) {
        this.values = values;
    }

    static Parameters parse(String query, Set<String> known) {
        Map<String, String> values = new HashMap<>();
        if (!query.isEmpty()) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = decode("query", equals < 0 ? pair : pair.substring(0, equals));
                if (!known.contains(name)) {
                    throw wrong(
                            "query",
                            name,
                            "parameters of this path: "
                                    + String.join(", ", known.stream().sorted().toList()));
                }
                if (equals < 0) {
                    throw wrong(name, "no value", "name=value");
                }
                if (values.put(name, decode(name, pair.substring(equals + 1))) != null) {
                    throw wrong(name, "twice", "at most once");
                }
            }
        }
        return new Parameters(values);
    }

    private static String decode(String name, String encoded) {
        return PercentDecoder.decode(encoded)
                .orElseThrow(() -> ProblemException.badRequest(
                        name + ": not decodable (expected: percent-encoded, well-formed UTF-8)"));
    }

    static ProblemException wrong(String name, String value, String expected) {
        return ProblemException.badRequest(name + ": " + value + " (expected: " + expected + ")");
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    TopicName topic(String name, Limits limits) {
        String value = values.get(name);
        if (value == null) {
            throw wrong(name, "none", "a topic name");
        }
        return topic(name, value, limits);
    }

    /** A topic that devices can be sent: no longer than they may send one. */
    static TopicName topic(String name, String value, Limits limits) {
        TopicName topic;
        try {
            topic = TopicName.of(value);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw ProblemException.badRequest(name + message.substring(Math.max(0, message.indexOf(':'))));
        }
        if (topic.utf8Length() > limits.topicBytes()) {
            throw wrong(name, topic.utf8Length() + " bytes", "at most " + limits.topicBytes());
        }
        long separators = value.chars().filter(c -> c == '/').count();
        if (separators > limits.topicSeparators()) {
            throw wrong(name, separators + " levels", "at most " + limits.topicSeparators());
        }
        return topic;
    }

    QoS qos(QoS otherwise) {
        return switch (choice("qos", Integer.toString(otherwise.value()), List.of("0", "1", "2"))) {
            case "0" -> QoS.AT_MOST_ONCE;
            case "1" -> QoS.AT_LEAST_ONCE;
            default -> QoS.EXACTLY_ONCE;
        };
    }

    boolean flag(String name) {
        return choice(name, "false", List.of("true", "false")).equals("true");
    }

    String choice(String name, String otherwise, List<String> allowed) {
        String value = text(name, otherwise);
        if (!allowed.contains(value)) {
            throw wrong(name, value, String.join(" or ", allowed));
        }
        return value;
    }

    int number(String name, int otherwise, int max) {
        String value = text(name, Integer.toString(otherwise));
        if (!NUMBER.matcher(value).matches() || Integer.parseInt(value) < 1 || Integer.parseInt(value) > max) {
            throw wrong(name, value, "1 to " + max);
        }
        return Integer.parseInt(value);
    }

    /** A time in seconds with up to three decimals. */
    Optional<Duration> seconds(String name, Duration longest) {
        String value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (SECONDS.matcher(value).matches()) {
            Duration time =
                    Duration.ofMillis(new BigDecimal(value).movePointRight(3).longValueExact());
            if (!time.isZero() && time.compareTo(longest) <= 0) {
                return Optional.of(time);
            }
        }
        throw wrong(name, value, "seconds, 0.001 to " + longest.toSeconds());
    }
}
