package io.mqttparty.internal.memory;

import io.mqttparty.spi.Token;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who drains the outbox; its monitor guards it. */
final class OutboxDrainers {
    private final InstantSource clock;
    private final Map<String, Long> untilMillis = new HashMap<>();

    OutboxDrainers(InstantSource clock) {
        this.clock = clock;
    }

    synchronized List<Token> announce(Token drainer, Duration time) {
        long now = clock.millis();
        untilMillis.put(drainer.value(), now + time.toMillis());
        untilMillis.values().removeIf(until -> until <= now);
        return untilMillis.keySet().stream().sorted().map(Token::new).toList();
    }
}
