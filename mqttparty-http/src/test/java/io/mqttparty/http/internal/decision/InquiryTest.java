package io.mqttparty.http.internal.decision;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.internal.client.CallException;
import io.mqttparty.http.internal.client.Caller;
import io.mqttparty.http.internal.client.ClockTimers;
import io.mqttparty.http.internal.client.FakeHttpClient;
import io.mqttparty.http.spi.DecisionCounter;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.TopicName;
import io.mqttparty.testkit.FakeClock;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decisions without network, on a clock that stands still. */
final class InquiryTest {
    private static final Map<String, String> MINUTE = Map.of("cache-control", "max-age=60");

    private final FakeClock clock = FakeClock.create();
    private final ClockTimers timers = new ClockTimers(clock);
    private final FakeHttpClient backend = new FakeHttpClient();
    private Inquiry inquiry = inquiry(100, 8);

    private Inquiry inquiry(int cacheEntries, int waiting) {
        Caller.Settings calls = new Caller.Settings(4, waiting, false, Integer.MAX_VALUE, 1, 1);
        Caller caller = new Caller(List.of(backend), timers, new Random(1), calls, (origin, open) -> {});
        return new Inquiry(
                caller.endpoint(URI.create("http://backend:80")),
                timers,
                new Inquiry.Settings(
                        URI.create("http://backend:80/may"),
                        List.of(
                                Map.entry("authorization", "Bearer secret"),
                                Map.entry("x-tenant", "one"),
                                Map.entry("x-tenant", "two")),
                        Duration.ofSeconds(3).toNanos(),
                        "mqtt-attribute-",
                        cacheEntries,
                        600));
    }

    private CompletableFuture<Decision> ask(String question) {
        return inquiry.ask(question.getBytes(UTF_8));
    }

    /** Asks and lets the backend answer. */
    private CompletableFuture<Decision> asked(String question, int status, Map<String, String> headers) {
        CompletableFuture<Decision> decision = ask(question);
        backend.exchange(backend.exchanges().size() - 1).answer(status, headers, "");
        return decision;
    }

    private static Throwable failureOf(CompletableFuture<Decision> decision) {
        assertThat(decision).isCompletedExceptionally();
        return decision.handle((result, failure) -> failure).join();
    }

    // ---- what an answer means ----

    @Test
    void ask_requestHasEverything() {
        ask("who");

        assertThat(backend.exchange(0).request().method()).isEqualTo("POST");
        assertThat(backend.exchange(0).request().uri()).hasToString("http://backend:80/may");
        assertThat(backend.exchange(0).request().headers().allValues("content-type"))
                .containsExactly("application/json");
        assertThat(backend.exchange(0).request().headers().allValues("x-tenant"))
                .containsExactly("one", "two");
        assertThat(backend.exchange(0).header("authorization")).isEqualTo("Bearer secret");
        assertThat(backend.exchange(0).request().bodyPublisher().orElseThrow().contentLength())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 204, 299})
    void answer_2xx_isYes(int status) {
        assertThat(asked("q", status, Map.of()).join()).isEqualTo(new Decision(Verdict.YES, Map.of()));
        assertThat(inquiry.count(DecisionCounter.YES)).isOne();
    }

    @Test
    void answer_401And403_isNo() {
        assertThat(asked("a", 401, Map.of()).join().verdict()).isEqualTo(Verdict.UNAUTHORIZED);
        assertThat(asked("b", 403, Map.of()).join().verdict()).isEqualTo(Verdict.FORBIDDEN);
        assertThat(inquiry.count(DecisionCounter.NO)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 304, 307, 400, 402, 404, 408, 429, 500, 503})
    void answer_anythingElse_isUndecidedAndNotKept(int status) {
        Throwable failure = failureOf(asked("q", status, MINUTE));

        assertThat(failure).hasMessage("status: " + status + " (expected: 2xx, 401 or 403)");
        assertThat(failure.getStackTrace()).isEmpty();
        assertThat(inquiry.count(DecisionCounter.UNDECIDED)).isOne();
        assertThat(asked("q", 200, MINUTE).join().verdict()).isEqualTo(Verdict.YES);
    }

    @Test
    void answer_notInTime_isUndecided() {
        CompletableFuture<Decision> decision = ask("q");
        clock.advance(Duration.ofMillis(2_999));
        assertThat(decision).isNotDone();

        clock.advance(Duration.ofMillis(1));

        assertThat(failureOf(decision)).isInstanceOf(CallException.class);
        assertThat(backend.exchange(0).isCancelled()).isTrue();
        assertThat(backend.exchanges()).hasSize(1); // a hanging backend is not asked twice
        assertThat(clock.scheduledTasks()).isZero();
    }

    @Test
    void answer_bodyNeverEnds_isUndecidedThoughItsStatusIsYes() {
        CompletableFuture<Decision> decision = ask("q");
        backend.exchange(0).answerHead(200, "{");
        clock.advance(Duration.ofSeconds(3));

        assertThat(failureOf(decision)).isInstanceOf(CallException.class);
    }

    @Test
    void answer_bodyTooLarge_isUndecidedThoughItsStatusIsYes() {
        CompletableFuture<Decision> decision = ask("q");
        backend.exchange(0).answer(200, MINUTE, "x".repeat(65_537));

        assertThat(failureOf(decision)).isInstanceOf(CallException.class);
        assertThat(inquiry.kept()).isZero();
    }

    @Test
    void connection_lost_isAskedOnceMoreInTheTimeThatIsLeft() {
        CompletableFuture<Decision> decision = ask("q");
        clock.advance(Duration.ofSeconds(2));
        backend.exchange(0).fail("connection reset");
        assertThat(decision).isNotDone();
        assertThat(backend.exchanges()).hasSize(2);
        assertThat(inquiry.count(DecisionCounter.REPEATED)).isOne();

        clock.advance(Duration.ofSeconds(1));

        assertThat(failureOf(decision)).isInstanceOf(CallException.class);
    }

    @Test
    void connection_lostTwice_isUndecided() {
        CompletableFuture<Decision> decision = ask("q");
        backend.exchange(0).fail("connection reset");
        backend.exchange(1).fail("connection reset");

        assertThat(failureOf(decision)).isInstanceOf(CallException.class);
        assertThat(backend.exchanges()).hasSize(2);
    }

    // ---- attributes ----

    @Test
    void attributes_ofAYes_areItsHeadersWithThePrefix() {
        Map<String, String> headers = Map.of(
                "MQTT-Attribute-Tenant",
                "t1",
                "mqtt-attribute-",
                "nameless",
                "x-tenant",
                "other",
                "mqtt-attribute-a-b",
                "");

        assertThat(asked("q", 200, headers).join().attributes())
                .containsExactlyInAnyOrderEntriesOf(Map.of("tenant", "t1", "a-b", ""));
    }

    @Test
    void attributes_ofANo_areNone() {
        assertThat(asked("q", 403, Map.of("mqtt-attribute-a", "b")).join().attributes())
                .isEmpty();
    }

    @Test
    void attributes_tooManyOrTooLarge_isUndecided() {
        Map<String, String> many = new HashMap<>(MINUTE);
        for (int i = 0; i < 33; i++) {
            many.put("mqtt-attribute-" + i, "x");
        }
        assertThat(failureOf(asked("a", 200, many))).hasMessageStartingWith("attributes: ");
        assertThat(failureOf(asked("b", 200, Map.of("mqtt-attribute-a", "x".repeat(8_192)))))
                .hasMessageStartingWith("attributes: ");
        assertThat(inquiry.kept()).isZero();
    }

    // ---- the cache ----

    @Test
    void cache_nothingSaid_asksEachTime() {
        asked("q", 200, Map.of());
        asked("q", 200, Map.of());

        assertThat(backend.exchanges()).hasSize(2);
        assertThat(inquiry.kept()).isZero();
    }

    @Test
    void cache_maxAge_isUsedThatLong() {
        Map<String, String> headers = Map.of("cache-control", "private, max-age=60", "mqtt-attribute-a", "b");
        asked("q", 200, headers);
        clock.advance(Duration.ofMillis(59_999));

        assertThat(ask("q").join()).isEqualTo(new Decision(Verdict.YES, Map.of("a", "b")));
        assertThat(inquiry.count(DecisionCounter.CACHED)).isOne();
        assertThat(backend.exchanges()).hasSize(1);

        clock.advance(Duration.ofMillis(1));
        assertThat(ask("q")).isNotDone();
        assertThat(backend.exchanges()).hasSize(2);
    }

    @Test
    void cache_longerThanAllowed_isKeptAsLongAsAllowed() {
        asked("q", 200, Map.of("cache-control", "max-age=99999"));
        clock.advance(Duration.ofSeconds(599));
        assertThat(ask("q")).isDone();

        clock.advance(Duration.ofSeconds(1));
        assertThat(ask("q")).isNotDone();
    }

    @Test
    void cache_no_isKeptToo() {
        asked("q", 401, MINUTE);

        assertThat(ask("q").join().verdict()).isEqualTo(Verdict.UNAUTHORIZED);
        assertThat(backend.exchanges()).hasSize(1);
    }

    @Test
    void cache_anotherQuestion_isAsked() {
        asked("{password:a}", 200, MINUTE);

        assertThat(asked("{password:b}", 401, MINUTE).join().verdict()).isEqualTo(Verdict.UNAUTHORIZED);
        assertThat(ask("{password:a}").join().verdict()).isEqualTo(Verdict.YES);
    }

    @Test
    void cache_full_dropsWhatWasNotUsed() {
        inquiry = inquiry(2, 8);
        asked("a", 200, MINUTE);
        asked("b", 200, MINUTE);
        assertThat(ask("a")).isDone();
        asked("c", 200, MINUTE);

        assertThat(inquiry.kept()).isEqualTo(2);
        assertThat(inquiry.count(DecisionCounter.EVICTED)).isOne();
        assertThat(ask("a")).isDone();
        assertThat(ask("c")).isDone();
        assertThat(ask("b")).isNotDone();
    }

    @Test
    void cache_ofNoEntries_keepsNothing() {
        inquiry = inquiry(0, 8);
        asked("q", 200, MINUTE);

        assertThat(inquiry.kept()).isZero();
        assertThat(ask("q")).isNotDone();
    }

    @Test
    void cache_timeOver_leavesNoEntry() {
        asked("q", 200, MINUTE);
        clock.advance(Duration.ofSeconds(60));
        failureOf(asked("q", 500, Map.of()));

        assertThat(inquiry.kept()).isZero();
    }

    @Test // its time on the way counts as its age
    void cache_answerIsLate_isKeptForTheRest() {
        CompletableFuture<Decision> decision = ask("q");
        clock.advance(Duration.ofSeconds(2));
        backend.exchange(0).answer(200, MINUTE, "");
        assertThat(decision).isDone();

        clock.advance(Duration.ofMillis(57_999));
        assertThat(ask("q")).isDone();
        clock.advance(Duration.ofMillis(1));
        assertThat(ask("q")).isNotDone();
    }

    @Test
    void cache_answerIsLaterThanItHolds_isNotKept() {
        CompletableFuture<Decision> decision = ask("q");
        clock.advance(Duration.ofSeconds(2));
        backend.exchange(0).answer(200, Map.of("cache-control", "max-age=2"), "");

        assertThat(decision.join().verdict()).isEqualTo(Verdict.YES);
        assertThat(inquiry.kept()).isZero();
    }

    @Test
    void close_nothingIsKeptAnyMore() {
        asked("q", 200, MINUTE);
        CompletableFuture<Decision> open = ask("r");

        inquiry.close();
        backend.exchange(1).answer(200, MINUTE, "");

        assertThat(open.join().verdict()).isEqualTo(Verdict.YES);
        assertThat(inquiry.kept()).isZero();
        assertThat(ask("q")).isNotDone();
    }

    @Test
    void access_sameClientAndTopic_isAskedOnce() {
        ClientInfo client = new ClientInfo(
                ClientId.of("c"),
                Optional.empty(),
                ProtocolVersion.MQTT_3_1_1,
                true,
                0,
                new InetSocketAddress(1),
                "tcp",
                Map.of());
        inquiry.ask(AccessQuestion.publish(client, TopicName.of("a/b")));
        backend.exchange(0).answer(403, MINUTE, "");

        CompletableFuture<Decision> again = inquiry.ask(AccessQuestion.publish(client, TopicName.of("a/b")));
        CompletableFuture<Decision> other = inquiry.ask(AccessQuestion.publish(client, TopicName.of("a/c")));

        assertThat(again.join().verdict()).isEqualTo(Verdict.FORBIDDEN);
        assertThat(other).isNotDone();
        assertThat(backend.exchange(0).body())
                .isEqualTo("{\"action\":\"publish\",\"clientId\":\"c\",\"topic\":\"a/b\"}");
        assertThat(inquiry.count(DecisionCounter.QUESTIONS)).isEqualTo(3);
        assertThat(inquiry.count(DecisionCounter.CACHED)).isOne();
    }

    // ---- the same question at the same time ----

    @Test
    void ask_sameQuestionMeanwhile_isAskedOnce() {
        CompletableFuture<Decision> one = ask("q");
        CompletableFuture<Decision> two = ask("q");
        CompletableFuture<Decision> other = ask("r");
        assertThat(backend.exchanges()).hasSize(2);
        assertThat(inquiry.count(DecisionCounter.JOINED)).isOne();

        backend.exchange(0).answer(200);

        assertThat(one.join()).isEqualTo(two.join());
        assertThat(other).isNotDone();
        assertThat(ask("q")).isNotDone(); // not kept
        assertThat(backend.exchanges()).hasSize(3);
    }

    @Test
    void ask_sameQuestionMeanwhile_allFailTogether() {
        List<CompletableFuture<Decision>> all = List.of(ask("q"), ask("q"), ask("q"));
        backend.exchange(0).answer(500);

        assertThat(all).allSatisfy(each -> assertThat(each).isCompletedExceptionally());
        assertThat(inquiry.count(DecisionCounter.UNDECIDED)).isOne();
        assertThat(inquiry.count(DecisionCounter.QUESTIONS)).isEqualTo(3);
    }

    @Test
    void ask_moreThanMayWait_isUndecidedAtOnce() {
        inquiry = inquiry(100, 2);
        for (int i = 0; i < 6; i++) {
            assertThat(ask("q" + i)).isNotDone();
        }

        assertThat(failureOf(ask("one more"))).isInstanceOf(CallException.class);
        assertThat(backend.exchanges()).hasSize(4);
    }

    @Test
    void settings_toString_showNoSecret() {
        var settings = new Inquiry.Settings(
                URI.create("http://backend/may"), List.of(Map.entry("authorization", "secret")), 1, "p-", 1, 1);

        assertThat(settings).hasToString("http://backend/may");
    }
}
