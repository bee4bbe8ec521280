package io.mqttparty.http.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.internal.client.ClockTimers;
import io.mqttparty.http.internal.client.GivenUp;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.testkit.FakeClock;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class AppenderTest {
    private static final int MOST = 20_000;

    private final List<CompletableFuture<Void>> appends = new ArrayList<>();
    private final FakeClock clock = FakeClock.create();
    private final ClockTimers timers = new ClockTimers(clock);
    private final Appender appender = new Appender(timers, new GivenUp(timers), MOST, client -> {});
    private final Outbox outbox = (Outbox) Proxy.newProxyInstance(
            Outbox.class.getClassLoader(), new Class<?>[] {Outbox.class}, (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("append");
                CompletableFuture<Void> append = new CompletableFuture<>();
                appends.add(append);
                return append;
            });

    private CompletableFuture<Void> append(Object sender) {
        Message message = new Message(TopicName.of("t"), Payload.EMPTY, QoS.AT_LEAST_ONCE, false);
        Entry entry = new Entry(new MessageId(1, 2), ClientId.of("c"), "r", message, Map.of(), 0);
        return appender.append(outbox, entry, sender).toCompletableFuture();
    }

    @Test
    void appendFails_whatStillComesThroughItsSender_isNotAppended() {
        Object sender = new Object();
        CompletableFuture<Void> first = append(sender);
        appends.get(0).completeExceptionally(new IllegalStateException("on purpose"));
        assertThat(first).isCompletedExceptionally();

        assertThat(append(sender)).isCompletedExceptionally();
        assertThat(appends).hasSize(1);
        assertThat(appender.clients()).isZero();

        CompletableFuture<Void> again = append(new Object());
        appends.get(1).complete(null);
        assertThat(again).isCompleted();
    }

    @Test
    void append_outboxDoesNotAnswer_failsInTimeWithThoseBehindIt() {
        Object sender = new Object();
        CompletableFuture<Void> first = append(sender);
        clock.advance(Duration.ofSeconds(3));
        CompletableFuture<Void> behind = append(sender);
        clock.advance(Duration.ofMillis(1_999));
        assertThat(first).isNotDone();
        clock.advance(Duration.ofMillis(1));

        assertThat(first).isCompletedExceptionally();
        assertThat(behind).isCompletedExceptionally();
        assertThat(appender.clients()).isZero();

        CompletableFuture<Void> again = append(new Object());
        appends.get(0).complete(null); // too late
        assertThat(again).isNotDone();
        appends.get(1).complete(null);
        assertThat(again).isCompleted();
    }

    @Test
    void append_outboxDoesNotAnswer_thoseThatWaitedLongAreNotAppended() {
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(append(GivenUp.NOBODY));
        }
        clock.advance(Duration.ofSeconds(4));
        CompletableFuture<Void> late = append(GivenUp.NOBODY);
        clock.advance(Duration.ofSeconds(1));

        assertThat(waiting).allSatisfy(each -> assertThat(each).isCompletedExceptionally());
        assertThat(late).isNotDone();
        appends.get(1).complete(null);
        assertThat(late).isCompleted();
        assertThat(appends).hasSize(2);
    }

    @Test
    void append_manyOfASlowOutbox_eachHasItsOwnTime() {
        Object sender = new Object();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(append(sender));
        }
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofMillis(4_900));
            appends.get(i).complete(null);
        }

        assertThat(all).allSatisfy(each -> assertThat(each).isCompleted());
        clock.advance(Duration.ofSeconds(10));
        assertThat(appends).hasSize(10);
    }

    @Test // one that comes again and again while the outbox is slow
    void append_moreOfAClientThanMayWait_failsAtOnceAndIsNotOvertaken() {
        for (int i = 0; i <= MOST; i++) { // one is on its way, the others wait
            append(new Object());
        }
        Object sender = new Object();
        assertThat(append(sender)).isCompletedExceptionally();

        appends.get(0).complete(null);
        CompletableFuture<Void> behind = append(sender);
        CompletableFuture<Void> refused = append(new Object());
        for (int i = 1; i < appends.size(); i++) {
            appends.get(i).complete(null);
        }

        assertThat(behind).isCompletedExceptionally();
        assertThat(refused).isCompletedExceptionally();
        assertThat(appends).hasSize(MOST + 1);
        assertThat(appender.clients()).isZero();
        CompletableFuture<Void> again = append(new Object());
        appends.get(MOST + 1).complete(null);
        assertThat(again).isCompleted();
    }

    @Test
    void appendFails_manyBehindIt_doNotNest() {
        Object sender = new Object();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i <= MOST; i++) {
            all.add(append(sender));
        }
        appends.get(0).completeExceptionally(new IllegalStateException("on purpose"));

        assertThat(all).allSatisfy(each -> assertThat(each).isCompletedExceptionally());
        assertThat(appender.clients()).isZero();
    }
}
