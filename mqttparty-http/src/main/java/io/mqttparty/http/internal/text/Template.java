package io.mqttparty.http.internal.text;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Text with the variables <code>{clientId}</code>, <code>{topic}</code> and <code>{topic.N}</code>, the level N of the topic counted from 1. A level that the topic
 * does not have is the empty text.
 */
final class Template {
    private static final int MOST_LEVELS = 65_536;

    private final List<Part> parts;

    private Template(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Reads a template.
     *
     * @param name what it is, for the message
     * @throws IllegalArgumentException if a brace is not closed or a variable is not known
     */
    static Template parse(String name, String text) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            int end = open < 0 ? text.length() : open;
            if (end > at) {
                parts.add(new Part.Literal(checked(name, text, text.substring(at, end))));
            }
            if (open < 0) {
                break;
            }
            int close = text.indexOf('}', open);
            if (close < 0) {
                throw refused(name, text, "each { closed by }");
            }
            parts.add(variable(name, text, text.substring(open + 1, close)));
            at = close + 1;
        }
        return new Template(parts);
    }

    private static String checked(String name, String text, String literal) {
        if (literal.indexOf('}') >= 0) {
            throw refused(name, text, "each } after a {");
        }
        return literal;
    }

    private static Part variable(String name, String text, String variable) {
        if (variable.equals("clientId")) {
            return new Part.Client();
        }
        if (variable.equals("topic")) {
            return new Part.Topic();
        }
        if (variable.matches("topic\\.[1-9][0-9]{0,4}")) {
            int level = Integer.parseInt(variable.substring("topic.".length()));
            if (level <= MOST_LEVELS) {
                return new Part.Level(level);
            }
        }
        throw refused(name, text, "the variables {clientId}, {topic} and {topic.N} with N from 1");
    }

    private static IllegalArgumentException refused(String name, String text, String rule) {
        return new IllegalArgumentException(name + ": " + text + " (expected: " + rule + ")");
    }

    boolean hasVariables() {
        return parts.stream().anyMatch(each -> !(each instanceof Part.Literal));
    }

    /** The highest N of <code>{topic.N}</code>; 0 if there is none. */
    int highestLevel() {
        return parts.stream()
                .mapToInt(each -> each instanceof Part.Level level ? level.number() : 0)
                .max()
                .orElse(0);
    }

    /** Appends the text, with the values appended by the encoder. */
    void expand(StringBuilder target, ClientId client, TopicName topic, BiConsumer<StringBuilder, String> encoder) {
        for (Part each : parts) {
            if (each instanceof Part.Literal literal) {
                target.append(literal.text());
            } else {
                encoder.accept(target, each.value(client, topic));
            }
        }
    }

    private static String level(String topic, int number) {
        int from = 0;
        for (int i = 1; i < number; i++) {
            int separator = topic.indexOf('/', from);
            if (separator < 0) {
                return "";
            }
            from = separator + 1;
        }
        int end = topic.indexOf('/', from);
        return end < 0 ? topic.substring(from) : topic.substring(from, end);
    }

    private sealed interface Part {
        String value(ClientId client, TopicName topic);

        record Literal(String text) implements Part {
            @Override
            public String value(ClientId client, TopicName topic) {
                return text;
            }
        }

        record Client() implements Part {
            @Override
            public String value(ClientId client, TopicName topic) {
                return client.value();
            }
        }

        record Topic() implements Part {
            @Override
            public String value(ClientId client, TopicName topic) {
                return topic.value();
            }
        }

        record Level(int number) implements Part {
            @Override
            public String value(ClientId client, TopicName topic) {
                return level(topic.value(), number);
            }
        }
    }
}
