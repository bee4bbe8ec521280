package io.mqttparty.http.internal.outbox;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Token;
import io.mqttparty.testkit.cluster.CallControl;
import io.mqttparty.testkit.cluster.ControlledBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** One node of a {@link DrainScene}: its calls to the outbox and its deliveries are under the control of the test. */
final class DrainNode implements Deliverer, DrainListener {
    private final DrainScene scene;
    private final String name;
    private final ControlledBackend backend;
    private final OutboxDrainer drainer;
    private final Set<Integer> held = new TreeSet<>();
    private final List<String> heard = new ArrayList<>();
    private Function<Delivery, CompletionStage<Attempt>> answers =
            delivery -> CompletableFuture.completedFuture(new Attempt.Delivered());
    private boolean dead;

    DrainNode(DrainScene scene, String name, DrainSettings settings) {
        this.scene = scene;
        this.name = name;
        this.backend = new ControlledBackend(scene.shared, scene.clock);
        this.drainer = new OutboxDrainer(new Drain(
                backend.outbox(), new Token(name), this, this, scene.timers, new Random(name.hashCode()), settings));
    }

    /** One delivery. */
    record Delivery(DrainNode node, Entry entry, int attempts, CompletableFuture<Attempt> answer) {
        String payload() {
            return entry.message().payload().asUtf8String();
        }

        boolean isOpen() {
            return !answer.isDone();
        }
    }

    OutboxDrainer drainer() {
        return drainer;
    }

    CallControl calls(String method) {
        return backend.calls(method);
    }

    /** What becomes of deliveries that follow. */
    void answers(Function<Delivery, CompletionStage<Attempt>> other) {
        answers = other;
    }

    /** The same attempt for all deliveries that follow. */
    void answers(Attempt attempt) {
        answers = delivery -> CompletableFuture.completedFuture(attempt);
    }

    /** Deliveries that follow wait for the test. */
    void hold() {
        answers = Delivery::answer;
    }

    List<Delivery> open() {
        return scene.deliveries.stream()
                .filter(each -> each.node() == this && each.isOpen())
                .toList();
    }

    void complete(Delivery delivery) {
        delivery.answer().complete(new Attempt.Delivered());
    }

    /** Appends on this node. */
    Entry append(String client, String payload) {
        Entry entry = scene.append(client, payload);
        drainer.appended(ClientId.of(client));
        return entry;
    }

    /** The process is gone. */
    void kill() {
        dead = true;
        backend.cutOff();
        answers = delivery -> new CompletableFuture<>();
    }

    CompletableFuture<Void> stop() {
        return drainer.stop(Duration.ofSeconds(4)).toCompletableFuture();
    }

    int held() {
        return dead ? 0 : held.size();
    }

    Set<Integer> heldShards() {
        return held;
    }

    /** What the listener heard, apart from deliveries and leases. */
    List<String> heard() {
        return heard;
    }

    @Override
    public CompletionStage<Attempt> attempt(Entry entry, int attempts) {
        Delivery delivery = new Delivery(this, entry, attempts, new CompletableFuture<>());
        scene.deliveries.add(delivery);
        return answers.apply(delivery);
    }

    @Override
    public void delivered(Entry entry) {}

    @Override
    public void failed(Entry entry, int attempts, String reason) {
        heard.add("failed " + entry.message().payload().asUtf8String() + " " + attempts + " " + reason);
    }

    @Override
    public void refused(Entry entry, int attempts, String reason) {
        heard.add("refused " + entry.message().payload().asUtf8String() + " " + attempts + " " + reason);
    }

    @Override
    public void givenUp(Entry entry, int attempts, String reason) {
        heard.add("given up " + entry.message().payload().asUtf8String() + " " + attempts + " " + reason);
    }

    @Override
    public void unreadable(int shard, int entries) {
        heard.add("unreadable " + shard + " " + entries);
    }

    @Override
    public void outboxFailed(int shard, String what, Throwable cause) {
        heard.add("outbox " + what);
    }

    @Override
    public void leaseChanged(int shard, boolean holds) {
        if (!(holds ? held.add(shard) : held.remove(shard))) {
            throw new AssertionError("lease of shard " + shard + " of " + name + " changed to " + holds + " twice");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
