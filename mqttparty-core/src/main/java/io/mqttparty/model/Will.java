package io.mqttparty.model;

import static java.util.Objects.requireNonNull;

/**
 * The message that is published for a client whose connection ends without DISCONNECT (section 3.1.2.5). Its quality of service and its
 * retain flag are those of the message.
 *
 * @param message what is published
 */
public record Will(Message message) {
    /** Checks that nothing is missing. */
    public Will {
        requireNonNull(message, "message");
    }
}
