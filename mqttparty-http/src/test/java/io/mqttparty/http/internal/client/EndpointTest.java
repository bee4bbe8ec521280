package io.mqttparty.http.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.http.internal.client.CallException.Kind;
import io.mqttparty.testkit.FakeClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Calls without network, on a clock that stands still. */
final class EndpointTest {
    private static final String STREAMS = "too many concurrent streams";

    private final FakeClock clock = FakeClock.create();
    private final ClockTimers timers = new ClockTimers(clock);
    private final FakeHttpClient client = new FakeHttpClient();
    private final List<String> breaker = new ArrayList<>();

    @Test
    void call_answered_completesWithStatusHeadersAndBody() {
        CompletableFuture<Answer> call = call(endpoint(1, 0));

        client.exchange(0).answer(201, Map.of("etag", "x"), "hello");

        assertThat(call).isCompletedWithValueMatching(answer -> answer.status() == 201 && answer.isSuccess());
        assertThat(call.join().body().asUtf8String()).isEqualTo("hello");
        assertThat(call.join().headers().firstValue("etag")).contains("x");
        assertThat(clock.scheduledTasks()).isZero();
    }

    @Test
    void call_byAnotherClientThanTheJdks_completesWhenItSaysSo() {
        client.tellingLate();
        CompletableFuture<Answer> call = call(callerWith(client).endpoint(URI.create("http://backend:80")));

        client.exchange(0).answer(201, Map.of(), "hello");
        assertThat(call).isNotDone();
        client.exchange(0).tell();

        assertThat(call.join().body().asUtf8String()).isEqualTo("hello");
        assertThat(clock.scheduledTasks()).isZero();
    }

    @Test
    void call_answeredWithAnError_forgetsTheBody() {
        CompletableFuture<Answer> call = call(endpoint(1, 0));

        client.exchange(0).answer(500, Map.of(), "a long story");

        assertThat(call.join().status()).isEqualTo(500);
        assertThat(call.join().body().isEmpty()).isTrue();
    }

    @Test
    void call_beyondThePlaces_waitsAndIsSentInOrder() {
        Endpoint endpoint = endpoint(2, 10);
        List<CompletableFuture<Answer>> calls = calls(endpoint, 5);
        assertThat(client.exchanges()).hasSize(2);
        assertThat(endpoint.inFlight()).isEqualTo(2);
        assertThat(endpoint.waiting()).isEqualTo(3);

        client.exchange(1).answer(200);
        assertThat(client.exchanges()).hasSize(3);
        client.exchange(0).answer(200);
        client.exchange(2).answer(200);
        client.exchange(3).fail("broken");
        client.exchange(4).answer(200);

        assertThat(calls.get(3)).isCompletedExceptionally();
        assertThat(calls.stream().filter(each -> !each.isCompletedExceptionally()))
                .hasSize(4)
                .allMatch(CompletableFuture::isDone);
        assertThat(endpoint.inFlight()).isZero();
        assertThat(clock.scheduledTasks()).isZero();
    }

    @Test
    void call_answeredWhileItIsSent_leavesNoTimer() {
        client.tellingLate().answeringAtOnce(200);
        Endpoint endpoint = endpoint(1, 0);

        assertThat(call(endpoint)).isCompleted();
        assertThat(endpoint.inFlight()).isZero();
        assertThat(clock.scheduledTasks()).isZero();
    }

    @Test
    void call_beyondTheQueue_failsAtOnce() {
        Endpoint endpoint = endpoint(1, 2);
        calls(endpoint, 3);

        CallException failure = failureOf(call(endpoint));

        assertThat(failure.kind()).isEqualTo(Kind.BUSY);
        assertThat(failure.isUnsent()).isTrue();
        assertThat(failure.getStackTrace()).isEmpty();
        assertThat(client.exchanges()).hasSize(1);
    }

    @Test
    void call_neverAnswered_timesOutAndIsCancelled() {
        Endpoint endpoint = endpoint(1, 1);
        CompletableFuture<Answer> first = call(endpoint);
        CompletableFuture<Answer> second = call(endpoint);

        clock.advance(Duration.ofMillis(4_999));
        assertThat(first).isNotDone();
        clock.advance(Duration.ofMillis(1));

        assertThat(failureOf(first).kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failureOf(first).status()).isZero();
        assertThat(client.exchange(0).isCancelled()).isTrue();
        assertThat(client.exchanges()).hasSize(2);
        client.exchange(1).answer(200);
        assertThat(second).isCompleted();
    }

    @Test
    void call_whoseBodyDoesNotEnd_timesOutWithStatusAndHeaders() {
        CompletableFuture<Answer> call = call(endpoint(1, 1));
        client.exchange(0).answerHead(200, Map.of("etag", "x"), "a");

        clock.advance(Duration.ofSeconds(5));

        assertThat(failureOf(call).kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failureOf(call).isSuccess()).isTrue();
        assertThat(failureOf(call).headers().firstValue("etag")).contains("x");
    }

    @Test
    void call_whoseBodyIsTooLarge_failsWithStatusAndHeaders() {
        CompletableFuture<Answer> call = call(endpoint(1, 1));
        client.exchange(0).answerHead(503, Map.of("retry-after", "7"), "a".repeat(101));

        assertThat(failureOf(call).kind()).isEqualTo(Kind.TOO_LARGE);
        assertThat(failureOf(call).status()).isEqualTo(503);
        assertThat(failureOf(call).headers().firstValue("retry-after")).contains("7");
        assertThat(clock.scheduledTasks()).isZero();
    }

    @Test
    void call_thatWaitsForItsWholeTime_isNotSent() {
        Endpoint endpoint = endpoint(1, 1);
        call(endpoint, new CallLimits(seconds(60), seconds(60), 100));
        CompletableFuture<Answer> waiting = call(endpoint);

        clock.advance(Duration.ofSeconds(20));

        assertThat(failureOf(waiting).kind()).isEqualTo(Kind.BUSY);
        assertThat(endpoint.waiting()).isZero();
        CompletableFuture<Answer> next = call(endpoint);
        client.exchange(0).answer(200);
        assertThat(client.exchanges()).hasSize(2);
        client.exchange(1).answer(200);
        assertThat(next).isCompleted();
    }

    @Test
    void call_thatIsOverBehindOneThatIsNot_leavesItsPlaceInTheQueue() {
        Endpoint endpoint = endpoint(1, 2);
        call(endpoint, new CallLimits(seconds(60), seconds(60), 100));
        CompletableFuture<Answer> patient = call(endpoint, new CallLimits(seconds(60), seconds(60), 100));
        CompletableFuture<Answer> hasty = call(endpoint, new CallLimits(seconds(1), seconds(1), 100));
        clock.advance(Duration.ofSeconds(1));
        assertThat(failureOf(hasty).kind()).isEqualTo(Kind.BUSY);

        CompletableFuture<Answer> next = call(endpoint, new CallLimits(seconds(60), seconds(60), 100));
        assertThat(next).isNotDone();
        assertThat(endpoint.waiting()).isEqualTo(2);
        for (int i = 0; i < 3; i++) {
            client.exchange(i).answer(200);
        }
        assertThat(patient).isCompleted();
        assertThat(next).isCompleted();
    }

    @Test
    void call_sentLate_hasOnlyTheRestOfItsTime() {
        Endpoint endpoint = endpoint(1, 1);
        call(endpoint, new CallLimits(seconds(18), seconds(60), 100));
        CompletableFuture<Answer> waiting = call(endpoint);

        clock.advance(Duration.ofSeconds(18));
        assertThat(client.exchanges()).hasSize(2);
        clock.advance(Duration.ofSeconds(2));

        assertThat(failureOf(waiting).kind()).isEqualTo(Kind.TIMEOUT);
    }

    @Test
    void streamLimit_isLearntAndTheRefusedAreSentAgain() {
        Endpoint endpoint = endpoint(100, 1_000);
        List<CompletableFuture<Answer>> calls = calls(endpoint, 100);
        for (int i = 10; i < 100; i++) {
            client.exchange(i).fail(STREAMS);
        }
        assertThat(endpoint.inFlight()).isEqualTo(10);
        assertThat(endpoint.waiting()).isEqualTo(90);
        assertThat(endpoint.refusals()).isEqualTo(90);

        int next = 0;
        while (!client.open().isEmpty()) {
            assertThat(endpoint.inFlight()).isLessThanOrEqualTo(10);
            client.open().get(0).answer(200);
            next++;
        }

        assertThat(next).isEqualTo(100);
        assertThat(calls).allMatch(each -> each.isDone() && !each.isCompletedExceptionally());
        assertThat(clock.scheduledTasks()).isZero();
    }

    @Test
    void streamLimit_isTriedAgainStepByStep() {
        Endpoint endpoint = endpoint(100, 1_000);
        calls(endpoint, 100);
        for (int i = 10; i < 100; i++) {
            client.exchange(i).fail(STREAMS);
        }

        client.open().get(0).answer(200);
        assertThat(endpoint.inFlight()).isEqualTo(10);
        clock.elapse(Duration.ofMillis(250));
        client.open().get(0).answer(200);
        assertThat(endpoint.inFlight()).isEqualTo(11);
        client.open().get(0).answer(200);
        assertThat(endpoint.inFlight()).isEqualTo(11);
        clock.elapse(Duration.ofMillis(250));
        client.open().get(0).answer(200);
        client.open().get(11).fail(STREAMS);
        assertThat(endpoint.inFlight()).isEqualTo(11);
    }

    @Test
    void streamLimit_withNothingInFlight_isAFailure() {
        CompletableFuture<Answer> call = call(endpoint(100, 1_000));

        client.exchange(0).fail("Received RST_STREAM: Stream not processed");

        assertThat(failureOf(call).kind()).isEqualTo(Kind.CONNECTION);
        assertThat(clock.scheduledTasks()).isZero();
    }

    @Test
    void calls_ofTwoClients_areShared() {
        FakeHttpClient other = new FakeHttpClient();
        Caller caller = caller(2, 0, false, client, other);
        calls(caller.endpoint(URI.create("http://backend:80")), 4);

        assertThat(client.exchanges()).hasSize(2);
        assertThat(other.exchanges()).hasSize(2);
    }

    @Test
    void breaker_afterFailuresInARow_holdsAllCallsAndTriesOne() {
        Endpoint endpoint = endpoint(10, 100);
        List<CompletableFuture<Answer>> failed = calls(endpoint, 3);
        client.exchange(0).fail("reset");
        client.exchange(1).answer(503);
        assertThat(endpoint.isSuspended()).isFalse();
        client.exchange(2).fail("reset");
        assertThat(failed).allMatch(CompletableFuture::isDone);
        assertThat(breaker).containsExactly("open");

        List<CompletableFuture<Answer>> held = calls(endpoint, 5);
        assertThat(endpoint.isSuspended()).isTrue();
        assertThat(client.exchanges()).hasSize(3);
        clock.advance(Duration.ofSeconds(1));
        assertThat(client.exchanges()).as("one trial").hasSize(4);
        clock.advance(Duration.ofSeconds(3));
        assertThat(client.exchanges()).hasSize(4);

        client.exchange(3).answer(400);
        assertThat(breaker).containsExactly("open", "closed");
        assertThat(client.exchanges()).as("all the others").hasSize(8);
        client.open().forEach(each -> each.answer(200));
        assertThat(held).allMatch(each -> each.isDone() && !each.isCompletedExceptionally());
    }

    @Test
    void breaker_trialsThatFail_areFurtherAndFurtherApart() {
        Endpoint endpoint = endpoint(10, 100);
        calls(endpoint, 3);
        client.open().forEach(each -> each.fail("reset"));
        for (long step : new long[] {1_000, 2_000, 4_000, 4_000}) {
            int before = client.exchanges().size();
            call(endpoint, new CallLimits(seconds(100), seconds(100), 0));
            clock.advance(Duration.ofMillis(step / 2 - 1));
            assertThat(client.exchanges()).hasSize(before);
            clock.advance(Duration.ofMillis(step / 2 + 1));
            assertThat(client.exchanges()).hasSize(before + 1);
            client.exchange(before).fail("reset");
            assertThat(breaker).as("told once").containsExactly("open");
        }
        call(endpoint, new CallLimits(seconds(100), seconds(100), 0));
        clock.advance(Duration.ofSeconds(4));
        client.open().get(0).answer(204);
        assertThat(breaker).containsExactly("open", "closed");
    }

    @Test
    void breaker_thatClosedEarlyAndOpenedAnew_staysOpenForItsWholeTime() {
        Endpoint endpoint = endpoint(10, 100);
        calls(endpoint, 7);
        IntStream.rangeClosed(1, 3).forEach(i -> client.exchange(i).fail("reset"));
        clock.elapse(Duration.ofMillis(400));
        client.exchange(0).answer(200);
        IntStream.rangeClosed(4, 6).forEach(i -> client.exchange(i).fail("reset"));
        call(endpoint);

        clock.advance(Duration.ofMillis(499)); // the time of the first opening is over
        assertThat(client.exchanges()).hasSize(7);
        clock.advance(Duration.ofMillis(501));

        assertThat(client.exchanges()).hasSize(8);
        assertThat(breaker).containsExactly("open", "closed", "open");
    }

    @Test
    void breaker_thatChangesWhileTheListenerHears_isToldInOrder() {
        List<Boolean> heard = new ArrayList<>();
        List<FakeHttpClient.Exchange> late = new ArrayList<>();
        Caller.Listener listener = (origin, open) -> {
            late.forEach(each -> each.answer(200)); // closes it
            late.clear();
            heard.add(open);
        };
        Caller caller = caller(10, 100, false, listener, client);
        calls(caller.endpoint(URI.create("http://backend:80")), 4);
        late.add(client.exchange(0));
        IntStream.rangeClosed(1, 3).forEach(i -> client.exchange(i).fail("reset"));

        assertThat(heard).containsExactly(true, false);
    }

    @Test
    void breaker_heldCall_failsWhenItsTimeIsOver() {
        Endpoint endpoint = endpoint(10, 100);
        calls(endpoint, 3);
        client.open().forEach(each -> each.fail("reset"));
        clock.advance(Duration.ofSeconds(1));
        CompletableFuture<Answer> trial = call(endpoint, new CallLimits(seconds(100), seconds(100), 0));
        CompletableFuture<Answer> held = call(endpoint);

        clock.advance(Duration.ofSeconds(20));

        assertThat(failureOf(held).kind()).isEqualTo(Kind.BUSY);
        client.exchange(3).answer(200);
        assertThat(trial).isCompleted();
    }

    @Test
    void breaker_successBetween_keepsItClosed() {
        Endpoint endpoint = endpoint(10, 100);
        for (int i = 0; i < 20; i++) {
            call(endpoint);
            if (i % 3 == 2) {
                client.exchange(i).answer(204);
            } else {
                client.exchange(i).answer(500);
            }
        }

        assertThat(breaker).isEmpty();
    }

    @Test
    void breaker_answerOfACallFromBefore_closesIt() {
        Endpoint endpoint = endpoint(10, 100);
        calls(endpoint, 4);
        client.exchange(1).fail("reset");
        client.exchange(2).fail("reset");
        client.exchange(3).fail("reset");
        client.exchange(0).answer(200);

        assertThat(breaker).containsExactly("open", "closed");
        call(endpoint);
        assertThat(client.exchanges()).hasSize(5);
    }

    @Test
    void callsThatFailAtOnce_doNotNest() {
        Endpoint endpoint = endpoint(1, 20_000);
        call(endpoint);
        List<CompletableFuture<Answer>> bad = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            bad.add(endpoint.call(
                    version -> HttpRequest.newBuilder(URI.create("http://backend/x"))
                            .timeout(Duration.ZERO)
                            .build(),
                    new CallLimits(seconds(5), seconds(20), 100)));
        }

        for (int i = 0; i < 30 && bad.stream().anyMatch(each -> !each.isDone()); i++) {
            client.open().forEach(each -> each.answer(200));
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(bad).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(breaker).as("the backend is not to blame").isEmpty();
        assertThat(endpoint.inFlight()).isZero();
    }

    private Endpoint http2(int inFlight, int waiting) {
        client.speaking(HttpClient.Version.HTTP_2);
        return caller(inFlight, waiting, true, client).endpoint(URI.create("http://backend:80"));
    }

    @Test
    void http2_oneCallGoesAhead_theOthersWhenItsAnswerBegins() {
        Endpoint endpoint = http2(10, 0);
        List<CompletableFuture<Answer>> calls = calls(endpoint, 10);
        assertThat(client.exchanges()).hasSize(1);
        assertThat(endpoint.waiting()).as("in the places that are free then").isEqualTo(9);
        assertThat(failureOf(call(endpoint)).kind()).isEqualTo(Kind.BUSY);

        client.exchange(0).answerHead(200, "a");
        assertThat(client.exchanges()).hasSize(10);
        client.exchanges().stream().skip(1).forEach(each -> each.answer(200));
        assertThat(calls.stream().filter(CompletableFuture::isDone)).hasSize(9);
        calls(endpoint, 9);
        assertThat(client.exchanges()).hasSize(19);
    }

    @Test
    void http2_ofSeveralClients_oneCallOfEachGoesAhead() {
        FakeHttpClient other = new FakeHttpClient().speaking(HttpClient.Version.HTTP_2);
        client.speaking(HttpClient.Version.HTTP_2);
        Caller caller = caller(10, 100, true, client, other);
        calls(caller.endpoint(URI.create("https://backend:443")), 12);
        assertThat(client.exchanges()).hasSize(1);
        assertThat(other.exchanges()).hasSize(1);

        other.exchange(0).answerHead(200, "a");

        assertThat(client.exchanges()).hasSize(1);
        assertThat(other.exchanges()).hasSize(10);
    }

    @Test
    void http2_slowFirstCall_isNotWaitedForLong() {
        Endpoint endpoint = http2(10, 100);
        calls(endpoint, 5);
        clock.advance(Duration.ofMillis(999));
        assertThat(client.exchanges()).hasSize(1);
        clock.advance(Duration.ofMillis(1));

        assertThat(client.exchanges()).hasSize(5);
    }

    @Test
    void http2_firstCallFails_theNextGoesAhead_andEachIsAFailure() {
        Endpoint endpoint = http2(10, 100);
        calls(endpoint, 5);
        client.exchange(0).fail("refused");
        assertThat(client.exchanges()).hasSize(2);
        clock.advance(Duration.ofMillis(900));
        client.exchange(1).fail("refused");
        clock.advance(Duration.ofMillis(900)); // more than a second after the first one
        assertThat(client.exchanges()).hasSize(3);
        assertThat(breaker).isEmpty();

        client.exchange(2).fail("refused");
        assertThat(breaker).containsExactly("open");
    }

    @Test
    void http2_connectionThatEndsWithAllItsCalls_isOneFailure_andOneCallGoesAhead() {
        Endpoint endpoint = http2(10, 100);
        call(endpoint);
        client.exchange(0).answer(200);
        List<CompletableFuture<Answer>> lost = calls(endpoint, 8);
        assertThat(client.exchanges()).hasSize(9);
        client.open().forEach(each -> each.fail("GOAWAY received"));
        assertThat(lost).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(breaker).isEmpty();

        List<CompletableFuture<Answer>> next = calls(endpoint, 8);
        assertThat(client.open()).hasSize(1);
        client.open().get(0).answer(200);
        client.open().forEach(each -> each.answer(200));
        assertThat(next).allMatch(each -> !each.isCompletedExceptionally());
        for (int i = 0; i < 3; i++) {
            call(endpoint);
            client.open().get(0).fail("GOAWAY received");
        }
        assertThat(breaker).containsExactly("open");
    }

    @Test
    void http2_timeoutsAreFailuresOfTheirOwn() {
        Endpoint endpoint = http2(10, 100);
        call(endpoint);
        client.exchange(0).answer(200);
        calls(endpoint, 3);
        clock.advance(Duration.ofSeconds(5));

        assertThat(breaker).containsExactly("open");
    }

    @Test
    void http2_notUsedForLong_oneCallGoesAhead() {
        Endpoint endpoint = http2(10, 100);
        call(endpoint);
        client.exchange(0).answer(200);
        clock.elapse(Duration.ofMillis(19_999));
        calls(endpoint, 2);
        assertThat(client.open()).hasSize(2);
        client.open().forEach(each -> each.answer(200));
        clock.elapse(Duration.ofSeconds(20));

        calls(endpoint, 2);
        assertThat(client.open()).hasSize(1);
    }

    @Test
    void http2_serverSpeaksOnlyHttp11_allCallsGoFromThenOn() {
        Endpoint endpoint = http2(10, 100);
        client.speaking(HttpClient.Version.HTTP_1_1);
        call(endpoint);
        client.exchange(0).answer(200);
        calls(endpoint, 3);
        assertThat(client.open()).hasSize(3);
        client.exchange(1).fail("reset");
        client.exchange(2).fail("reset");

        calls(endpoint, 3);
        assertThat(client.open()).hasSize(4);
        client.exchange(3).fail("reset");
        assertThat(breaker).as("each has a connection of its own").containsExactly("open");
    }

    @Test
    void close_endsAllCalls() {
        Caller caller = caller(1, 5, false, client);
        Endpoint endpoint = caller.endpoint(URI.create("http://backend:80"));
        List<CompletableFuture<Answer>> calls = calls(endpoint, 3);

        caller.close();

        assertThat(calls).allSatisfy(each -> assertThat(failureOf(each).kind()).isEqualTo(Kind.CLOSED));
        assertThat(client.open()).isEmpty();
        assertThat(clock.scheduledTasks()).isZero();
        assertThat(failureOf(call(endpoint)).kind()).isEqualTo(Kind.CLOSED);
    }

    @Test
    void endpoint_speaksHttp2OnlyWhereItIsOfferedOrAskedFor() {
        assertThat(versionFor("http://h:80", false)).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(versionFor("http://h:80", true)).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(versionFor("https://h:443", false)).isEqualTo(HttpClient.Version.HTTP_2);
    }

    private HttpClient.Version versionFor(String origin, boolean cleartextHttp2) {
        client.exchanges().clear();
        call(caller(1, 0, cleartextHttp2, client).endpoint(URI.create(origin)));
        return client.exchange(0).request().version().orElseThrow();
    }

    @Test
    void caller_withAClientThatFollowsRedirects_isRefused() {
        FakeHttpClient following = new FakeHttpClient().following(HttpClient.Redirect.NORMAL);

        assertThatThrownBy(() -> callerWith(following))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("httpClient: follows redirects NORMAL (expected: NEVER)");
    }

    private Endpoint endpoint(int inFlight, int waiting) {
        return caller(inFlight, waiting, false, client).endpoint(URI.create("http://backend:80"));
    }

    private Caller caller(int inFlight, int waiting, boolean cleartextHttp2, HttpClient... clients) {
        return caller(
                inFlight, waiting, cleartextHttp2, (origin, open) -> breaker.add(open ? "open" : "closed"), clients);
    }

    private Caller caller(
            int inFlight, int waiting, boolean cleartextHttp2, Caller.Listener listener, HttpClient... clients) {
        List<HttpClient> own = Stream.of(clients)
                .<HttpClient>map(each -> new OwnClient(() -> each, timers::nanoTime))
                .toList();
        var settings = new Caller.Settings(inFlight, waiting, cleartextHttp2, 3, seconds(1), seconds(4));
        return new Caller(own, timers, new Random(1), settings, listener);
    }

    /** With clients that are given, and not the JDK's. */
    private Caller callerWith(HttpClient... clients) {
        var settings = new Caller.Settings(1, 0, false, 3, seconds(1), seconds(4));
        return new Caller(List.of(clients), timers, new Random(1), settings, (origin, open) -> {});
    }

    private static List<CompletableFuture<Answer>> calls(Endpoint endpoint, int count) {
        return new ArrayList<>(
                IntStream.range(0, count).mapToObj(i -> call(endpoint)).toList());
    }

    private static CompletableFuture<Answer> call(Endpoint endpoint) {
        return call(endpoint, new CallLimits(seconds(5), seconds(20), 100));
    }

    private static CompletableFuture<Answer> call(Endpoint endpoint, CallLimits limits) {
        return endpoint.call(
                version -> HttpRequest.newBuilder(URI.create("http://backend/x"))
                        .version(version)
                        .build(),
                limits);
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    private static CallException failureOf(CompletableFuture<Answer> call) {
        assertThat(call).isCompletedExceptionally();
        return (CallException) call.handle((answer, failure) -> failure).join();
    }
}
