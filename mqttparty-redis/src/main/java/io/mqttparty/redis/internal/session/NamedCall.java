package io.mqttparty.redis.internal.session;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.ReplyHandler;
import io.mqttparty.redis.internal.session.SessionNames.Names;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call of a script some of whose key names depend on what is stored. The script does nothing and answers {@code {'RETRY', incarnation, node}} if
 * the names were wrong; then it is called again with these.
 */
final class NamedCall<T> implements ReplyHandler {
    /** Each round is lost to another change of the same session, so there are seldom more than two. */
    private static final int ROUNDS = 20;

    private final SessionNames beliefs;
    private final Lane lane;
    private final Function<Names, Eval> script;
    private final Function<List<@Nullable Object>, T> onReply;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final ClientId client;
    private int rounds;

    private NamedCall(
            ClientId client,
            SessionNames beliefs,
            Lane lane,
            Function<Names, Eval> script,
            Function<List<@Nullable Object>, T> onReply) {
        this.client = client;
        this.beliefs = beliefs;
        this.lane = lane;
        this.script = script;
        this.onReply = onReply;
    }

    /**
     * Calls it until the names are right.
     *
     * @param script with these names
     * @param onReply what to make of the answer, whose first element is a status other than {@code RETRY}
     */
    static <T> CompletionStage<T> run(
            ClientId client,
            SessionNames beliefs,
            Lane lane,
            Function<Names, Eval> script,
            Function<List<@Nullable Object>, T> onReply) {
        NamedCall<T> call = new NamedCall<>(client, beliefs, lane, script, onReply);
        call.send();
        return call.result;
    }

    private void send() {
        script.apply(beliefs.of(client)).send(lane, this);
    }

    @Override
    public void onReply(@Nullable Object reply) {
        List<@Nullable Object> answer = Reply.list(reply);
        if (!Status.is(answer, Status.RETRY)) {
            result.complete(onReply.apply(answer));
            return;
        }
        if (++rounds == ROUNDS) {
            onFailure(new MqttPartyException("redis: session of " + client + " changed owners " + ROUNDS
                    + " times while one change of it was tried (expected: less)"));
            return;
        }
        beliefs.learn(client, Reply.text(answer.get(1)), Reply.text(answer.get(2)));
        send();
    }

    @Override
    public void onFailure(Throwable cause) {
        result.completeExceptionally(cause);
    }
}
