package io.mqttparty.http.internal.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.internal.client.Caller;
import io.mqttparty.http.internal.client.ClockTimers;
import io.mqttparty.http.internal.client.FakeHttpClient;
import io.mqttparty.http.internal.client.GivenUp;
import io.mqttparty.http.internal.client.RequestSigner;
import io.mqttparty.http.internal.client.Timers;
import io.mqttparty.http.internal.text.UrlTemplate;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.http.spi.HttpListener;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import io.mqttparty.testkit.FakeClock;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deliveries without a broker. */
final class DestinationTest {
    private final FakeClock clock = FakeClock.create();
    private final FakeHttpClient backend = new FakeHttpClient();
    private final ClockTimers timers = new ClockTimers(clock);
    private final Backlog backlog = new Backlog(10, 0);
    private final Observer observer = new Observer(List.of(new Throwing()), timers::nanoTime);
    private final Caller caller = new Caller(
            List.of(backend),
            timers,
            new Random(1),
            new Caller.Settings(1, 10, false, 3, 1_000_000_000L, 1_000_000_000L),
            observer::breaker);
    private RequestSigner signer = RequestSigner.NONE;

    private Destination destination() {
        return destination(backlog);
    }

    private Destination destination(Backlog room) {
        return destination(timers, 0, room);
    }

    private Destination destination(Timers time, int concurrency) {
        return destination(time, concurrency, backlog);
    }

    private Destination destination(Timers time, int concurrency, Backlog room) {
        Random random = new Random(2);
        return new Destination(
                new Destination.Settings(
                        UrlTemplate.parse("http://h:80/{topic.1}"),
                        new Requests("POST", "t", "/s", "a/b", List.of(), signer, clock, random),
                        1_000_000_000L,
                        5_000_000_000L,
                        100,
                        new Backoff(100_000_000L, 100_000_000L),
                        10_000_000_000L,
                        concurrency,
                        1),
                caller.endpoint(URI.create("http://h:80")),
                new Surroundings(time, clock, random, observer, room));
    }

    /** What became of a delivery, which is over. */
    private static Outcome over(CompletableFuture<Outcome> delivery) {
        assertThat(delivery).isCompleted();
        return delivery.join();
    }

    private static Event event(String client) {
        return event(client, "sender");
    }

    private static Event event(String client, Object sender) {
        return new Event("0".repeat(32), ClientId.of(client), TopicName.of("t"), Payload.utf8("x"), 0, sender);
    }

    @Test
    void attempt_thatFails_isNotRepeatedAndSaysWhatTheBackendWants() {
        CompletableFuture<Outcome> tried = destination().attempt(event("c"));
        backend.exchange(0).answer(503, Map.of("retry-after", "7"), "");

        Outcome outcome = over(tried);
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(outcome.retryAfterNanos()).isEqualTo(7_000_000_000L);
        assertThat(outcome.tries()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(10));
        assertThat(backend.exchanges()).hasSize(1);
        assertThat(backlog.size()).isZero();
    }

    @Test
    void attempt_thatSucceedsOrIsRefused_saysSo() {
        CompletableFuture<Outcome> first = destination().attempt(event("c"));
        backend.exchange(0).answer(200);
        CompletableFuture<Outcome> second = destination().attempt(event("c"));
        backend.exchange(1).answer(410);

        assertThat(over(first).kind()).isEqualTo(Outcome.Kind.DELIVERED);
        assertThat(over(second).kind()).isEqualTo(Outcome.Kind.REFUSED);
        assertThat(over(second).status()).isEqualTo(410);
    }

    @Test
    void attempt_thatIsNotSentInTime_hasNoTries() {
        Destination destination = destination();
        for (int i = 0; i < 3; i++) {
            destination.attempt(event("c"));
            backend.exchange(i).fail("refused");
        }
        CompletableFuture<Outcome> trial = destination.attempt(event("c"));
        CompletableFuture<Outcome> held = destination.attempt(event("d"));
        clock.advance(Duration.ofSeconds(1));
        backend.exchange(3).fail("refused");
        assertThat(trial).isCompleted();
        backlog.close();
        caller.close();
        destination.close();

        assertThat(over(held).kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(over(held).tries()).isZero();
        assertThat(over(destination.attempt(event("e"))).reason()).isEqualTo("closed");
    }

    @Test
    void close_endsWhatWaitsForItsNextTry() {
        Destination destination = destination();
        CompletableFuture<Outcome> resting = destination.deliver(event("c"));
        backend.exchange(0).answer(500);
        CompletableFuture<Outcome> behind = destination.deliver(event("c"));

        caller.close();
        destination.close();

        assertThat(over(resting).reason()).isEqualTo("closed");
        assertThat(over(behind).kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(destination.clients()).isZero();
        assertThat(backlog.size()).isZero();
    }

    @Test
    void givenUp_whatStillComesThroughItsSender_isGivenUpToo() {
        Destination destination = destination();
        Object sender = new Object();
        CompletableFuture<Outcome> first = destination.deliver(event("c", sender));
        backend.exchange(0).answer(503, Map.of("retry-after", "9"), "");
        assertThat(over(first).kind()).isEqualTo(Outcome.Kind.FAILED);

        CompletableFuture<Outcome> late = destination.deliver(event("c", sender));
        assertThat(over(late).kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(destination.clients()).isZero();
        assertThat(backlog.size()).isZero();

        clock.advance(Duration.ofSeconds(9));
        CompletableFuture<Outcome> again = destination.deliver(event("c", new Object()));
        backend.exchange(1).answer(200);
        assertThat(over(again).kind()).isEqualTo(Outcome.Kind.DELIVERED);
        assertThat(backend.exchanges()).hasSize(2);
    }

    @Test
    void messageWithoutUrl_isNoAnswer_andGivesThoseBehindItNoMoreTime() {
        Destination destination = destination();
        destination.deliver(event("c", GivenUp.NOBODY));
        CompletableFuture<Outcome> unaddressable = destination.deliver(new Event(
                "0".repeat(32),
                ClientId.of("c"),
                TopicName.of("/x"), // its first level, which the path asks for, is empty
                Payload.EMPTY,
                0,
                GivenUp.NOBODY));
        CompletableFuture<Outcome> behind = destination.deliver(event("c", GivenUp.NOBODY));
        for (int i = 0; i < 5; i++) { // each try takes its whole time
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(over(unaddressable).kind()).isEqualTo(Outcome.Kind.REFUSED);
        assertThat(over(unaddressable).status()).isZero();
        assertThat(over(behind).kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(over(behind).tries()).isZero();
        assertThat(backlog.size()).isZero();
    }

    @Test
    void givenUp_whatNobodySendsAgain_takesNothingWithIt() {
        Destination destination = destination();
        CompletableFuture<Outcome> first = destination.deliver(event("c", GivenUp.NOBODY));
        clock.advance(Duration.ofMillis(900));
        CompletableFuture<Outcome> second = destination.deliver(event("c", GivenUp.NOBODY));
        backend.exchange(0).answer(429, Map.of("retry-after", "4"), "");
        clock.advance(Duration.ofMillis(4_000));
        clock.advance(Duration.ofMillis(100));
        assertThat(over(first).kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(second).isNotDone();

        backend.exchange(2).answer(200);
        assertThat(over(second).kind()).isEqualTo(Outcome.Kind.DELIVERED);
    }

    @Test
    void retryAfter_outlivesTheMessageThatWasAnsweredSo() {
        Destination destination = destination();
        CompletableFuture<Outcome> first = destination.deliver(event("c", new Object()));
        backend.exchange(0).answer(429, Map.of("retry-after", "8"), "");
        assertThat(over(first).kind()).isEqualTo(Outcome.Kind.FAILED);

        CompletableFuture<Outcome> second = destination.deliver(event("c", new Object()));
        clock.advance(Duration.ofMillis(4_999));
        assertThat(second).isNotDone();
        clock.advance(Duration.ofMillis(1));
        assertThat(over(second).reason()).isEqualTo("not sent: the backend asked for time");
        assertThat(over(second).tries()).isZero();
        CompletableFuture<Outcome> third = destination.deliver(event("c", new Object()));
        clock.advance(Duration.ofMillis(2_999));
        assertThat(backend.exchanges()).hasSize(1);
        clock.advance(Duration.ofMillis(1));

        backend.exchange(1).answer(204);
        assertThat(over(third).kind()).isEqualTo(Outcome.Kind.DELIVERED);
        assertThat(over(third).tries()).isEqualTo(1);
        assertThat(observer.counters().count(HttpCounter.HELD_BACK)).isEqualTo(2);
        assertThat(observer.counters().count(HttpCounter.RETRIES)).isZero();
        assertThat(backlog.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"503, 1", "429, 2", "500, 2"})
    void retryAfter_holdsAllIfTheBackendIsUnavailable_otherwiseTheClient(int status, int requests) {
        Destination destination = destination();
        destination.deliver(event("c"));
        backend.exchange(0).answer(status, Map.of("retry-after", "2"), "");
        CompletableFuture<Outcome> other = destination.deliver(event("d"));
        assertThat(backend.exchanges()).hasSize(requests);

        clock.advance(Duration.ofSeconds(2));
        while (!backend.open().isEmpty()) {
            backend.open().get(0).answer(200);
        }
        assertThat(over(other).kind()).isEqualTo(Outcome.Kind.DELIVERED);
        assertThat(backlog.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void retryAfter_holdsWhatWaitsForItsPlaceAlready(int concurrency) {
        Destination destination = destination(timers, concurrency);
        List<CompletableFuture<Outcome>> all = new ArrayList<>();
        for (String each : List.of("c", "d", "e")) {
            all.add(destination.deliver(event(each)));
        }
        assertThat(backend.exchanges()).hasSize(1); // the endpoint takes one at a time
        backend.exchange(0).answer(503, Map.of("retry-after", "2"), "");

        clock.advance(Duration.ofMillis(1_999));
        assertThat(backend.exchanges()).hasSize(1);
        clock.advance(Duration.ofMillis(1));
        while (!backend.open().isEmpty()) {
            backend.open().get(0).answer(200);
        }

        assertThat(all).allMatch(each -> over(each).kind() == Outcome.Kind.DELIVERED);
        assertThat(all.stream().map(each -> over(each).tries())).containsExactly(2, 1, 1);
        assertThat(observer.counters().count(HttpCounter.REQUESTS)).isEqualTo(4);
        assertThat(clock.scheduledTasks()).isZero();
    }

    @Test
    void attempt_whileTheBackendWantsToBeLeftAlone_isNotSentAndSaysHowLong() {
        Destination destination = destination();
        destination.attempt(event("c"));
        backend.exchange(0).answer(503, Map.of("retry-after", "7"), "");
        clock.advance(Duration.ofSeconds(3));

        Outcome outcome = over(destination.attempt(event("d")));
        assertThat(outcome.unsent()).isTrue();
        assertThat(outcome.tries()).isZero();
        assertThat(outcome.retryAfterNanos()).isEqualTo(4_000_000_000L);
        assertThat(backend.exchanges()).hasSize(1);
        assertThat(backlog.size()).isZero();
    }

    @Test
    void gate_whenTheTimeIsOverWhileADeliveryEntersIt_letsItWaitNoLonger() {
        AtomicBoolean late = new AtomicBoolean();
        Timers slow =
                new Timers() { // the thread that asks for a timer is so slow that the time is over when it goes on
                    @Override
                    public long nanoTime() {
                        return timers.nanoTime();
                    }

                    @Override
                    public Scheduled schedule(long delayNanos, Runnable task) {
                        if (!late.getAndSet(false)) {
                            return timers.schedule(delayNanos, task);
                        }
                        task.run();
                        return () -> {};
                    }
                };
        Destination destination = destination(slow, 1);
        CompletableFuture<Outcome> first = destination.deliver(event("c", new Object()));
        late.set(true);

        CompletableFuture<Outcome> second = destination.deliver(event("d", new Object()));

        assertThat(over(second).reason()).isEqualTo("not sent in time");
        assertThat(backlog.size()).isEqualTo(1);
        backend.exchange(0).answer(200);
        assertThat(over(first).kind()).isEqualTo(Outcome.Kind.DELIVERED);
        assertThat(backend.exchanges()).hasSize(1);
        destination.deliver(event("e", new Object()));
        assertThat(backend.exchanges()).as("the place is free").hasSize(2);
        backend.exchange(1).answer(200);
        assertThat(backlog.size()).isZero();
    }

    @Test
    void gate_whatWaitsInIt_isGivenUpWhenItsTimeIsOver_andTakesNoPlace() {
        Destination destination = destination(timers, 1);
        destination.deliver(event("a", new Object()));
        clock.advance(Duration.ofMillis(500));
        List<CompletableFuture<Outcome>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(destination.deliver(event("w" + i, new Object())));
        }
        for (int i = 0; i < 5; i++) { // each try of the first one takes its whole time, so that the others wait
            clock.advance(Duration.ofMillis(999));
        }
        clock.advance(Duration.ofSeconds(11));

        assertThat(waiting).allMatch(CompletableFuture::isDone);
        assertThat(backlog.size()).isZero();
        assertThat(clock.scheduledTasks()).isZero();
        int before = backend.exchanges().size();
        CompletableFuture<Outcome> next = destination.deliver(event("b", new Object()));
        assertThat(backend.exchanges()).hasSize(before + 1);
        backend.exchange(before).answer(200);
        assertThat(over(next).kind()).isEqualTo(Outcome.Kind.DELIVERED);
    }

    @Test
    void lanes_areGoneWhenTheyAreEmpty() {
        Destination destination = destination();
        for (int i = 0; i < 5; i++) {
            destination.deliver(event("c" + i));
        }
        assertThat(destination.clients()).isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            backend.exchange(i).answer(200);
        }
        assertThat(destination.clients()).isZero();
    }

    @Test
    void manyOfOneClient_leaveRoomForOthers() {
        Backlog wide = new Backlog(24_000, 0);
        Destination destination = destination(wide);
        for (int i = 0; i < 3_001; i++) {
            destination.deliver(event("c"));
        }
        assertThat(wide.size()).isEqualTo(3_001);

        Outcome refused = over(destination.deliver(event("c")));
        assertThat(refused.reason()).isEqualTo("too many messages wait");
        assertThat(observer.counters().count(HttpCounter.BACKLOG_FULL)).isEqualTo(1);
        CompletableFuture<Outcome> other = destination.deliver(event("d"));
        backend.exchange(0).answer(200);
        backend.exchange(1).answer(200);

        assertThat(over(other).kind()).isEqualTo(Outcome.Kind.DELIVERED);
        assertThat(destination.deliver(event("c"))).isNotDone();
    }

    @Test
    void manyRefusedAtOnce_doNotNest() {
        Backlog roomy = new Backlog(200_000, 0);
        Destination wide = destination(roomy);
        CompletableFuture<Outcome> first = wide.deliver(event("c"));
        CompletableFuture<Outcome> last = first;
        for (int i = 0; i < 20_000; i++) {
            last = wide.deliver(new Event(
                    "1".repeat(32), ClientId.of("c"), TopicName.of("/x"), Payload.EMPTY, 0, "sender")); // no URL
        }
        backend.exchange(0).answer(200);

        assertThat(over(last).kind()).isEqualTo(Outcome.Kind.REFUSED);
        assertThat(roomy.size()).isZero();
    }

    @Test
    void signer_signsEachTryWithItsTime() {
        signer = (id, epochSeconds, body, headers) ->
                headers.accept("x-signature", id.charAt(0) + " " + epochSeconds + " " + body.asUtf8String());
        Destination destination = destination();
        destination.deliver(event("c"));
        backend.exchange(0).answer(503, Map.of("retry-after", "2"), "");
        clock.advance(Duration.ofSeconds(2));

        assertThat(backend.exchange(0).header("x-signature")).isEqualTo("0 1893456000 x");
        assertThat(backend.exchange(1).header("x-signature")).isEqualTo("0 1893456002 x");
        backend.exchange(1).answer(200);
    }

    @Test
    void listenerThatThrows_changesNothing() {
        Destination destination = destination();
        Settlement settlement = new Settlement(
                new Replies(Optional.empty(), QoS.AT_LEAST_ONCE, Duration.ZERO, new Running(), observer),
                new DeadLetters(Optional.empty(), new Running(), observer),
                observer);
        Event event = event("c");
        CompletableFuture<Boolean> safe = destination
                .deliver(event)
                .thenCompose(outcome -> settlement.settle(event, outcome))
                .toCompletableFuture();
        backend.exchange(0).answer(404);

        assertThat(safe).isCompletedWithValue(true);
        assertThat(observer.counters().count(HttpCounter.REFUSED)).isEqualTo(1);
    }

    private static final class Throwing implements HttpListener {
        @Override
        public void onRefused(ClientId client, TopicName topic, String id, int status) {
            throw new IllegalStateException("on purpose");
        }
    }
}
