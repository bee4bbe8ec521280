package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.Extension;
import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.testkit.FakeClock;
import io.mqttparty.testkit.LoopbackTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Parts of a broker that live as long as it does. */
final class ExtensionTest {
    private final FakeClock clock = FakeClock.create();
    private final List<String> calls = new ArrayList<>();

    @Test
    void startAndStop_withTwo_beginInOrderAndEndBeforeTheConnections() {
        CompletableFuture<Void> firstBegins = new CompletableFuture<>();
        CompletableFuture<Void> firstEnds = new CompletableFuture<>();
        MqttParty broker = broker(new Part("a", () -> firstBegins, () -> firstEnds), part("b"));

        CompletableFuture<MqttParty> started = start(broker);
        assertThat(calls).containsExactly("a.install", "b.install", "a.start");
        assertThat(started).isNotDone();

        firstBegins.complete(null);
        clock.runUntilIdle();
        assertThat(calls).endsWith("b.start");
        assertThat(started).isCompletedWithValue(broker);

        CompletableFuture<Void> stopped = stop(broker);
        assertThat(calls.subList(4, calls.size())).containsExactlyInAnyOrder("a.stop", "b.stop");
        assertThat(stopped).isNotDone();

        firstEnds.complete(null);
        clock.runUntilIdle();
        assertThat(stopped).isCompleted();
        assertThat(calls).hasSize(6);
    }

    @Test
    void start_ofOneFails_brokerIsClosedAndSaysWhy() {
        Part bad = new Part(
                "bad",
                () -> CompletableFuture.failedFuture(new IllegalStateException("no port")),
                () -> CompletableFuture.completedFuture(null));
        MqttParty broker = broker(part("a"), bad, part("c"));

        CompletableFuture<MqttParty> started = start(broker);

        assertThatThrownBy(started::join)
                .cause()
                .isInstanceOf(MqttPartyException.class)
                .hasMessageContaining("no port");
        assertThat(calls).doesNotContain("c.start").contains("a.stop", "bad.stop", "c.stop");
        assertThat(stop(broker)).isCompleted();
        assertThat(calls.stream().filter("a.stop"::equals)).hasSize(1);
    }

    @Test
    void start_thatThrowsOrReturnsNull_fails() {
        for (Supplier<@Nullable CompletionStage<Void>> each :
                List.<Supplier<@Nullable CompletionStage<Void>>>of(() -> null, () -> {
                    throw new IllegalArgumentException("thrown");
                })) {
            assertThat(start(broker(new Part("x", each, () -> CompletableFuture.completedFuture(null)))))
                    .isCompletedExceptionally();
        }
    }

    @Test
    void stop_thatNeverEnds_isWaitedForFiveSeconds() {
        MqttParty broker = broker(new Part("a", () -> CompletableFuture.completedFuture(null), CompletableFuture::new));
        assertThat(start(broker)).isCompleted();

        CompletableFuture<Void> stopped = stop(broker);
        clock.advance(Duration.ofMillis(4_999));
        assertThat(stopped).isNotDone();
        clock.advance(Duration.ofSeconds(1));
        assertThat(stopped).isCompleted();
    }

    @Test
    void stop_thatFails_endsTheBrokerAllTheSame() {
        MqttParty broker = broker(
                new Part(
                        "a",
                        () -> CompletableFuture.completedFuture(null),
                        () -> CompletableFuture.failedFuture(new IllegalStateException("stuck"))),
                part("b"));
        assertThat(start(broker)).isCompleted();

        assertThat(stop(broker)).isCompleted();
        assertThat(calls).contains("b.stop");
    }

    @Test
    void stop_neverStarted_endsThem() {
        MqttParty broker = broker(part("a"));

        assertThat(stop(broker)).isCompleted();
        assertThat(calls).containsExactly("a.install", "a.stop");
    }

    @Test
    void extension_twice_isRefused() {
        MqttPartyBuilder builder = MqttParty.builder();
        Part part = part("a");
        builder.extension(part);

        assertThatThrownBy(() -> builder.extension(part)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void extension_secondForWhatOnlyOneMayDo_isRefused() {
        MqttPartyBuilder builder = MqttParty.builder();
        builder.extension(new Sole("outbox")).extension(new Sole("door"));

        assertThatThrownBy(() -> builder.extension(new Sole("outbox")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("extension: a second one for outbox (expected: one)");
    }

    private static final class Sole implements Extension {
        private final String what;

        Sole(String what) {
            this.what = what;
        }

        @Override
        public Optional<String> exclusive() {
            return Optional.of(what);
        }

        @Override
        public CompletionStage<Void> start(MqttParty broker) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> stop() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private MqttParty broker(Part... parts) {
        MqttPartyBuilder builder = MqttParty.builder()
                .listener(LoopbackTransport.create(clock, 1))
                .allowAnonymous()
                .clock(clock)
                .random(new Random(7));
        for (Part each : parts) {
            builder.extension(each);
        }
        return builder.build();
    }

    private CompletableFuture<MqttParty> start(MqttParty broker) {
        CompletableFuture<MqttParty> started = broker.start().toCompletableFuture();
        clock.runUntilIdle();
        return started;
    }

    private CompletableFuture<Void> stop(MqttParty broker) {
        CompletableFuture<Void> stopped = broker.stop().toCompletableFuture();
        clock.runUntilIdle();
        return stopped;
    }

    private Part part(String name) {
        return new Part(
                name, () -> CompletableFuture.completedFuture(null), () -> CompletableFuture.completedFuture(null));
    }

    private final class Part implements Extension {
        private final String name;
        private final Supplier<? extends @Nullable CompletionStage<Void>> begin;
        private final Supplier<? extends CompletionStage<Void>> end;

        Part(
                String name,
                Supplier<? extends @Nullable CompletionStage<Void>> begin,
                Supplier<? extends CompletionStage<Void>> end) {
            this.name = name;
            this.begin = begin;
            this.end = end;
        }

        @Override
        public void install(MqttPartyBuilder builder) {
            calls.add(name + ".install");
            builder.upstream(TopicFilter.of("x/" + name), request -> CompletableFuture.completedFuture(null));
        }

        @Override
        @SuppressWarnings("NullAway") // a wrong extension is what is tested
        public CompletionStage<Void> start(MqttParty broker) {
            calls.add(name + ".start");
            return begin.get();
        }

        @Override
        public CompletionStage<Void> stop() {
            calls.add(name + ".stop");
            return end.get();
        }
    }
}
