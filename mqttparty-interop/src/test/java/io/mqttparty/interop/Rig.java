package io.mqttparty.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.Counter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/** A broker with what one test connects to it. Closing it closes all of that and asserts that broker and clients got on with each other. */
final class Rig implements AutoCloseable {
    final Broker broker = Broker.start();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private int connects;

    void publish(ClientDriver driver, Outgoing messages) {
        connects++;
        driver.publish(broker.port(), messages);
    }

    Subscriber subscribe(ClientDriver driver, Subscribing how) {
        connects++;
        return closingLater(driver.subscribe(broker.port(), how));
    }

    ProcessSubscriber subscribe(ProcessDriver driver, Subscribing how) {
        connects++;
        return closingLater(driver.subscribe(broker.port(), how));
    }

    Subscriber subscribe(ClientDriver driver, Cable cable, Subscribing how) {
        connects++;
        return closingLater(driver.subscribe(cable.port(), how));
    }

    Subscriber resume(ClientDriver driver, Subscribing how) {
        connects++;
        return closingLater(driver.resume(broker.port(), how));
    }

    Subscriber resume(ClientDriver driver, Cable cable, Subscribing how) {
        connects++;
        return closingLater(driver.resume(cable.port(), how));
    }

    Cable cable() {
        return closingLater(Cable.to(broker.port()));
    }

    /** A client is going to connect once more by itself. */
    void expectReconnect() {
        connects++;
    }

    private <T extends AutoCloseable> T closingLater(T value) {
        open.push(value);
        return value;
    }

    /** Waits until these payloads have come, in this order, and nothing else. */
    static void awaitPayloads(Subscriber subscriber, List<String> payloads) {
        Deadline.waiting(payloads.size() + " messages")
                .until(() -> subscriber.received().size() >= payloads.size());
        assertThat(subscriber.received()).extracting(Received::payload).containsExactlyElementsOf(payloads);
    }

    static List<String> numbered(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "message " + i).toList();
    }

    /** No client has lost its connection without the test saying so: it would have connected again, or be missing. */
    void assertCalm() {
        assertThat(broker.count(Counter.CONNECTS_ACCEPTED)).as("connections").isEqualTo(connects);
        broker.assertContent();
    }

    @Override
    public void close() throws Exception {
        try {
            while (!open.isEmpty()) {
                open.pop().close();
            }
        } finally {
            broker.close();
        }
    }
}
