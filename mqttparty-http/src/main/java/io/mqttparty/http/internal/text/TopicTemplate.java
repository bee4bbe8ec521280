package io.mqttparty.http.internal.text;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.TopicName;
import java.util.Optional;

/** A topic name with variables. What a variable stands for is inserted as it is: a client id with a separator makes more levels. */
public final class TopicTemplate {
    private final String text;
    private final Template template;

    private TopicTemplate(String text, Template template) {
        this.text = text;
        this.template = template;
    }

    /**
     * Reads a template.
     *
     * @param name what it is, for the message
     * @throws IllegalArgumentException if it is empty, has a wildcard, or a variable that is not known
     */
    public static TopicTemplate parse(String name, String text) {
        Template template = Template.parse(name, text);
        try {
            TopicName.of(text.replaceAll("\\{[^}]*}", "x"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + text + " (expected: a topic name)", e);
        }
        return new TopicTemplate(text, template);
    }

    /** The topic for a message; empty if it would be none, such as when the client id holds a wildcard. */
    public Optional<TopicName> expand(ClientId client, TopicName topic) {
        StringBuilder name = new StringBuilder(text.length() + 64);
        template.expand(name, client, topic, StringBuilder::append);
        if (name.isEmpty() || name.indexOf("+") >= 0 || name.indexOf("#") >= 0 || name.length() > TopicName.MAX_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(TopicName.of(name.toString()));
        } catch (IllegalArgumentException e) { // longer than a topic may be, in UTF-8
            return Optional.empty();
        }
    }

    /** The template as it was given. */
    @Override
    public String toString() {
        return text;
    }
}
