package io.mqttparty.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MqttParty;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.spi.BrokerListener;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A broker on real sockets, that knows how often it had to complain about its clients. */
final class Broker implements AutoCloseable {
    private final MqttParty party;
    private final Map<String, ReasonCode> ends = new ConcurrentHashMap<>();

    private Broker() {
        party = MqttParty.builder()
                .listener(NettyTransport.tcp(0).host("127.0.0.1"))
                .allowAnonymous()
                .brokerListener(new BrokerListener() {
                    @Override
                    public void onDisconnected(ClientInfo client, ReasonCode reason) {
                        ends.put(client.clientId().toString(), reason);
                    }
                })
                .build();
    }

    static Broker start() {
        Broker broker = new Broker();
        try {
            broker.party.start().toCompletableFuture().get(Deadline.STEP.toMillis(), TimeUnit.MILLISECONDS);
            return broker;
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the broker did not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    int port() {
        return party.port();
    }

    long count(Counter counter) {
        return party.count(counter);
    }

    /** Waits until the connection of this client has ended in this way. */
    void awaitEnd(String clientId, ReasonCode reason) {
        Deadline.await("end of " + clientId, () -> assertThat(ends).containsEntry(clientId, reason));
    }

    /** Nothing that a client has sent was wrong, nothing failed and no message was dropped. */
    void assertContent() {
        Map<Object, Long> complaints = Stream.<Object>of(
                        Counter.CONNECTS_REFUSED,
                        Counter.MALFORMED_PACKETS,
                        Counter.PROTOCOL_VIOLATIONS,
                        Counter.CONNECT_TIMEOUTS,
                        Counter.KEEP_ALIVE_TIMEOUTS,
                        Counter.SPI_FAILURES,
                        Counter.PUBLISHES_FAILED)
                .collect(Collectors.toMap(counter -> counter, counter -> party.count((Counter) counter)));
        for (DropReason reason : DropReason.values()) {
            complaints.put(reason, party.count(reason));
        }
        assertThat(complaints)
                .allSatisfy((what, count) -> assertThat(count).as("%s", what).isZero());
    }

    @Override
    public void close() {
        party.close();
    }
}
