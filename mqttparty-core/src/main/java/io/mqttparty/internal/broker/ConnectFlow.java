package io.mqttparty.internal.broker;

import io.mqttparty.internal.packet.Connect;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Authenticator;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import io.mqttparty.spi.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The way of one CONNECT: client id, authenticator, will, attach, wills of earlier connections, the rights of a resumed session, CONNACK. The
 * connection is not read meanwhile. Each step is on the connection's loop. Each call has a time limit, and all of them together have one: then
 * CONNECT is refused, and what was attached is undone.
 */
final class ConnectFlow {
    private final BrokerRuntime broker;
    private final ConnectionDriver connection;
    private final LoopContext loop;
    private final Connect connect;
    private final ConnectKicks kicks;
    private ClientInfo client;
    /** The membership that the attach is made under. */
    private Membership.Member member;

    private final long startedAt;
    private boolean checkOnAccept;
    private @Nullable CompletionStage<Attached> attaching;
    private @Nullable Attached attached;
    /** The epoch of this attach, once it is known. */
    private long ownEpoch = -1;
    /** How many calls are under way that attach or undo the attach. */
    private int unsettled;
    /** It was accepted or refused: what is answered later changes nothing. */
    private boolean over;

    /** The last record that was appended to a queue of the client since the attach began, and to which. */
    private @Nullable SessionRef pushedTo;

    private long pushedUpTo;
    private @Nullable List<Runnable> onDone;

    ConnectFlow(BrokerRuntime broker, ConnectionDriver connection, Connect connect) {
        this.broker = broker;
        this.connection = connection;
        this.loop = connection.loop();
        this.connect = connect;
        this.kicks = new ConnectKicks(loop);
        this.startedAt = loop.eventLoop().nanoTime();
        this.member = broker.membership().member();
        String id =
                connect.clientId().isEmpty() ? broker.ids().assignedClientId() : connect.clientId(); // [MQTT-3.1.3-6]
        this.client = new ClientInfo(
                ClientId.of(id),
                connect.username(),
                connect.version(),
                connect.cleanSession(),
                connect.keepAliveSeconds(),
                connection.channel().remoteAddress(),
                connection.listener(),
                Map.of());
    }

    void start() {
        connection.pressure().awaitAnswer();
        loop.deadlines().set(connection, broker.timeouts().connectNanos());
        boolean unnamed = connect.clientId().isEmpty();
        int idBytes = connect.clientId().getBytes(StandardCharsets.UTF_8).length;
        if ((unnamed && !connect.cleanSession()) || idBytes > broker.limits().clientIdBytes()) {
            refuse(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID); // [MQTT-3.1.3-8] [MQTT-3.1.3-9]
        } else if (!broker.isServing()) {
            refuse(ReasonCode.SERVER_UNAVAILABLE);
        } else {
            authenticate();
        }
    }

    /** How long all of it may go on, in nanoseconds; {@link Long#MAX_VALUE} if that time is over. */
    long onTick(long nowNanos) {
        long left = startedAt + broker.timeouts().connectNanos() - nowNanos;
        if (left > 0) {
            return left;
        }
        broker.log().connectTooLong(client.clientId());
        undo(ReasonCode.SERVER_UNAVAILABLE);
        return Long.MAX_VALUE;
    }

    private void authenticate() {
        Authenticator authenticator = broker.authenticator();
        SpiCalls.call(
                loop,
                broker.timeouts().decisionNanos(),
                "authenticator",
                () -> authenticator.authenticate(new Authenticator.Request(
                        client, connect.password(), connection.channel().peerCertificates())),
                result -> {
                    if (result.reasonCode().isError()) {
                        refuse(result.reasonCode());
                    } else {
                        client = client.withAttributes(result.attributes());
                        authorizeWill();
                    }
                },
                failure -> {
                    broker.log().spiFailed("authenticator", client.clientId(), failure);
                    refuse(ReasonCode.SERVER_UNAVAILABLE);
                });
    }

    private void authorizeWill() {
        if (connect.will().isEmpty()) {
            attach();
            return;
        }
        broker.wills().mayPublish(loop, client, connect.will().get(), may -> {
            if (may) {
                attach();
            } else {
                refuse(ReasonCode.NOT_AUTHORIZED);
            }
        });
    }

    private void attach() {
        if (over) {
            return;
        }
        if (connection.isClosed()) {
            end();
            return;
        }
        if (!broker.isServing()) { // lost while the authenticator was asked
            refuse(ReasonCode.SERVER_UNAVAILABLE);
            return;
        }
        member = broker.membership().member();
        Token token = broker.ids().newToken(member.id());
        boolean persistent = !connect.cleanSession();
        broker.local().add(client.clientId(), connection);
        AttachRequest request = new AttachRequest(
                client.clientId(),
                client.username(),
                token,
                member.id(),
                connect.cleanSession(),
                persistent ? broker.limits().sessionExpiry().toSeconds() : 0,
                connect.will(),
                broker.limits().receiveMaximum());
        unsettled++;
        SpiCalls.call(
                loop,
                broker.timeouts().storeNanos(),
                "session store",
                () -> attaching = broker.sessions().attach(request),
                this::onAttached,
                failure -> onAttachFailed(token, failure));
    }

    /** Nobody knows whether it is attached, or will be: if it is done after all, it is undone too, its will included, whatever the epoch. */
    private void onAttachFailed(Token token, Throwable failure) {
        broker.log().spiFailed("session store", client.clientId(), failure);
        broker.ends().detachUnknown(loop, client.clientId(), token, this::settled);
        refuse(ReasonCode.SERVER_UNAVAILABLE);
        if (attaching != null) {
            var unused = attaching.whenComplete((late, failed) -> {
                if (late != null) {
                    loop.execute(() -> {
                        attached = late;
                        undo(ReasonCode.SERVER_UNAVAILABLE);
                    });
                }
            });
        }
    }

    private void onAttached(Attached answer) {
        unsettled--;
        attached = answer;
        ownEpoch = answer.fence().epoch();
        kicks.answer(ownEpoch - 1);
        broker.kicks().closeOlder(client.clientId(), connection, ownEpoch - 1);
        if (isLost()) {
            undo(ReasonCode.SESSION_TAKEN_OVER);
        } else if (answer.pendingWills().isEmpty()) {
            reauthorize(answer);
        } else {
            // An older connection may have been told DISCONNECT by its client: its end is waited for before its will is
            // published.
            kicks.awaitEndOf(answer.previous().orElse(Owner.OFFLINE), () -> fireWills(answer));
        }
    }

    /**
     * Whether the session is of no use any more: the connection is gone, was refused for its time, or was taken over, or this node has been given
     * up by the others.
     */
    private boolean isLost() {
        return over || connection.isClosed() || kicks.isTakenOver(ownEpoch) || !member.isHeld();
    }

    /** Another connection attached meanwhile, or had attached before. */
    void onKick(long epoch, KickAnswer answer) {
        kicks.onKick(epoch, ownEpoch, answer);
    }

    /** The owner before has ended. */
    void onKicked(long epoch) {
        kicks.onEnded(epoch);
    }

    /** Runs this once the connection is accepted, or refused with nothing attached any more. */
    void whenDone(Runnable task) {
        List<Runnable> tasks = onDone;
        if (tasks == null) {
            tasks = new ArrayList<>();
            onDone = tasks;
        }
        tasks.add(task);
    }

    /** The connection is accepted, or refused with nothing attached any more. */
    void done() {
        if (onDone != null) {
            onDone.forEach(loop::execute);
        }
    }

    /** Something may have been lost that this connection was to be told: see {@link Resync}. */
    void checkOnAccept() {
        checkOnAccept = true;
    }

    /** A record was appended to a queue of the client: perhaps after the attach has read it. */
    void onPushed(SessionRef session, long seq) {
        pushedUpTo = session.equals(pushedTo) ? Math.max(pushedUpTo, seq) : seq;
        pushedTo = session;
    }

    /** The number up to which records were pushed; 0 if only that some may have been is known. */
    private long pushedTo(SessionRef session) {
        return session.equals(pushedTo) ? pushedUpTo : 0;
    }

    /** Wills of earlier connections come before anything that the new one says. */
    private void fireWills(Attached session) {
        List<PendingWill> pending = session.pendingWills();
        Steps.each(pending.size(), (index, next) -> fire(pending.get(index), next), () -> reauthorize(session));
    }

    private void fire(PendingWill will, Runnable next) {
        if (over) {
            return; // the sweeper finds the rest
        }
        if (will.username().equals(client.username())) {
            broker.wills().fire(loop, client, will, next);
        } else { // the client id had another user: the rights of the new one say nothing about it
            broker.wills().fire(loop, will, next);
        }
    }

    /** A resumed session loses subscriptions that its client may not have any more. */
    private void reauthorize(Attached session) {
        if (broker.authorizer() == null || session.subscriptions().isEmpty()) {
            checkRecords(session);
            return;
        }
        new SubscriptionRights(broker, connection, client).check(session.subscriptions(), rights -> {
            if (isLost()) {
                undo(ReasonCode.SESSION_TAKEN_OVER);
                return;
            }
            List<TopicFilter> lost = new ArrayList<>();
            for (int i = 0; i < rights.length; i++) {
                Subscription subscription = session.subscriptions().get(i);
                if (!rights[i]) {
                    lost.add(subscription.filter());
                }
            }
            if (lost.isEmpty()) {
                checkRecords(session);
            } else {
                dropSubscriptions(session, lost);
            }
        });
    }

    private void dropSubscriptions(Attached session, List<TopicFilter> lost) {
        SpiCalls.call(
                loop,
                broker.timeouts().storeNanos(),
                "session store",
                () -> broker.sessions()
                        .subscribe(
                                session.fence(),
                                new SubscriptionChange(
                                        List.of(), lost, broker.limits().subscriptions())),
                result -> checkRecords(session),
                failure -> {
                    broker.log().spiFailed("session store", client.clientId(), failure);
                    undo(ReasonCode.SERVER_UNAVAILABLE);
                });
    }

    private void checkRecords(Attached session) {
        LiveSession live = new LiveSession(
                client, session.fence(), session.session(), !connect.cleanSession(), connect.will(), member);
        List<Queued> records = session.records();
        long before = records.isEmpty() ? session.lastSeq() : records.get(0).seq() - 1;
        broker.queues()
                .filter(
                        connection,
                        live,
                        session.dupUpTo(),
                        records,
                        rest -> accept(session, live, rest, Queues.upTo(before, records)));
    }

    private void accept(Attached session, LiveSession live, List<Queued> rest, long readUpTo) {
        if (isLost()) {
            undo(ReasonCode.SESSION_TAKEN_OVER);
            return;
        }
        over = true;
        connection.accept(live);
        connection.machine().onAccepted(session, live.persistent, rest, readUpTo);
        if (pushedTo != null) { // to this incarnation or, last, to another one
            connection.machine().onPushed(pushedTo(session.session()), null);
        }
        broker.events().connected(client, session.present());
        session.retained()
                .forEach(cursor -> live.retainedTurns().add(new RetainedQueueing(broker, connection, cursor)::start));
        connection.connectDone();
        if (checkOnAccept) {
            broker.resync().check(connection);
        }
        connection.pressure().answered();
    }

    /** The session cannot be used: what was attached is detached, and the will of this connection goes with it. */
    private void undo(ReasonCode reason) {
        Attached undone = attached;
        attached = null;
        if (undone != null) {
            unsettled++;
            broker.ends().detach(loop, undone.fence(), Detach.CLEAN, 0, done -> settled());
        }
        refuse(reason);
    }

    private void settled() {
        unsettled--;
        leaveIfSettled();
    }

    private void refuse(ReasonCode reason) {
        if (over) {
            return;
        }
        loop.counters().add(Counter.CONNECTS_REFUSED);
        if (reason == ReasonCode.SESSION_TAKEN_OVER) {
            connection.end(reason); // [MQTT-3.2.2-6]
        } else {
            connection.machine().onRefused(reason);
        }
        end();
    }

    private void end() {
        over = true;
        connection.pressure().answered();
        leaveIfSettled();
    }

    /** It was refused, and nothing is attached any more. Until then, a kick finds it here and is not answered. */
    private void leaveIfSettled() {
        if (!over || unsettled > 0) {
            return;
        }
        broker.local().remove(client.clientId(), connection);
        connection.connectDone();
        kicks.answer(Long.MAX_VALUE);
    }
}
