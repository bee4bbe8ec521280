package io.mqttparty.internal.broker;

import io.mqttparty.internal.routing.Members;
import io.mqttparty.internal.routing.SharedGroup;
import io.mqttparty.model.Message;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.Qos2Published;
import io.mqttparty.spi.SharedTarget;
import io.mqttparty.spi.Targets;
import io.mqttparty.spi.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * QoS 2 of persistent sessions, whose states are in the store so that a message is passed on exactly once whatever dies (section 4.3.3). Called
 * on the connection's loop.
 */
final class Qos2 {
    /** How many members of shared subscriptions are told of a message that one of them may have got. */
    private static final int MOST_WOKEN = 1_000;

    private final BrokerRuntime broker;

    Qos2(BrokerRuntime broker) {
        this.broker = broker;
    }

    // ---- in ----

    /** PUBLISH: reaches all targets and is remembered in one step, or was before. */
    void publish(ConnectionDriver publisher, Message message, int packetId, int ticket) {
        broker.admission()
                .admit(
                        publisher,
                        message,
                        admitted -> admitted(publisher, admitted, packetId, ticket),
                        () -> publisher.onPublished(ticket, PublishOutcome.NOBODY));
    }

    private void admitted(ConnectionDriver publisher, Message message, int packetId, int ticket) {
        if (publisher.isClosed()) {
            return;
        }
        Exchange exchange = new Exchange(publisher, message, packetId, ticket);
        exchange.begin();
        if (message.retain()) {
            exchange.retain();
        } else {
            exchange.publish();
        }
    }

    /** PUBREL: the packet id is forgotten, then PUBCOMP may leave. */
    void clear(ConnectionDriver publisher, int packetId) {
        fenced(
                publisher,
                () -> broker.sessions().qos2In(publisher.session().fence, packetId, SessionStore.Qos2In.CLEAR),
                () -> publisher.machine().onCleared(packetId));
    }

    /** One publish of one packet id. While it is open it counts as pending for its connection, and its bytes for the broker. */
    private final class Exchange {
        private final ConnectionDriver publisher;
        private final Message message;
        private final Message routed;
        private final int packetId;
        private final int ticket;
        private Routes routes;
        private SessionStore.Qos2Publish step;
        private boolean over;

        Exchange(ConnectionDriver publisher, Message message, int packetId, int ticket) {
            this.publisher = publisher;
            this.message = message;
            this.routed = message.withRetain(false);
            this.packetId = packetId;
            this.ticket = ticket;
            this.routes = publisher.loop().routes().get(message.topic());
            this.step = new SessionStore.Qos2Publish(
                    packetId,
                    publisher.loop().newMessageId(),
                    message,
                    Targets.NONE,
                    !routes.upstreams().isEmpty());
        }

        void begin() {
            publisher.onPending(1);
            publisher
                    .loop()
                    .budget()
                    .add(message.payload().size() + message.topic().utf8Length());
        }

        /** The last step, whatever became of it; nothing happens if it was taken before. */
        private void end() {
            if (!over) {
                over = true;
                publisher
                        .loop()
                        .budget()
                        .add(-message.payload().size() - message.topic().utf8Length());
                publisher.onPending(-1);
            }
        }

        void retain() {
            publisher.pressure().awaitAnswer();
            call(
                    () -> broker.sessions().beginQos2Retained(publisher.session().fence, step),
                    result -> {
                        if (result == FenceResult.OK) {
                            publishWhenFresh();
                        } else {
                            failed(new StaleException());
                        }
                        publisher.pressure().answered();
                    },
                    failure -> {
                        failed(failure);
                        publisher.pressure().answered();
                    });
        }

        void publish() {
            if (broker.freshness().isFresh(publisher.loop().inputAt())) {
                store();
            } else {
                publishWhenFresh();
            }
        }

        /** What it publishes next waits behind this. */
        private void publishWhenFresh() {
            publisher.pressure().awaitAnswer();
            broker.dispatcher()
                    .whenFresh(
                            publisher.loop(),
                            () -> {
                                store();
                                publisher.pressure().answered();
                            },
                            failure -> {
                                failed(failure);
                                publisher.pressure().answered();
                            });
        }

        private void store() {
            routes = publisher.loop().routes().get(message.topic());
            Targeting targeting = new Targeting(broker, publisher.loop(), routes);
            step = new SessionStore.Qos2Publish(
                    packetId,
                    step.messageId(),
                    routed,
                    targeting.targets(),
                    !routes.upstreams().isEmpty());
            call(
                    () -> broker.sessions().publishQos2(publisher.session().fence, step),
                    result -> published(targeting, result),
                    this::failed);
        }

        private void published(Targeting targeting, Qos2Published result) {
            switch (result.status()) {
                case STALE -> failed(new StaleException());
                case NEW -> {
                    deliver(targeting, result);
                    targeting.pickAgain(routed, result.legs(), result.missed(), () -> upstream(result), this::failed);
                }
                case DUPLICATE -> {
                    wake(result);
                    upstream(result);
                }
            }
        }

        private void deliver(Targeting targeting, Qos2Published result) {
            List<Leg> legs = step.targets().legs();
            for (Route.Local local : routes.locals()) {
                holdIfCongested(local.subscriber());
            }
            for (SharedTarget target : step.targets().shared()) {
                holdIfCongested(target);
            }
            for (int i = 0; i < result.legs().size(); i++) {
                SessionStore.Stored stored = result.legs().get(i);
                broker.dispatcher().push(publisher.loop(), legs.get(i), stored.seq(), stored.owner(), routed);
                DeepQueues.check(
                        broker,
                        publisher,
                        legs.get(i).session(),
                        stored.seq(),
                        stored.owner(),
                        stored.acknowledgedUpTo());
            }
            broker.dispatcher().deliverQos0(publisher.loop(), targeting.qos0Legs(), routed);
            broker.requests().onPublish(publisher.session().clientId(), routed);
        }

        /**
         * The answer of the first attempt may have been lost, and with it what the owners of the queues were to be told. It may have picked
         * another member of a shared subscription than this one: so all are told.
         */
        private void wake(Qos2Published result) {
            List<Leg> legs = step.targets().legs();
            for (int i = 0; i < result.legs().size(); i++) {
                broker.dispatcher()
                        .wake(
                                legs.get(i).session(),
                                result.legs().get(i).owner().node());
            }
            List<Leg> shared = new ArrayList<>();
            for (SharedGroup<Object, Route> group : routes.shared()) {
                Members<Object, Route> members = group.members();
                for (int i = 0; i < members.size() && shared.size() < MOST_WOKEN; i++) {
                    if (members.value(i) instanceof Route.Session member) {
                        shared.add(member.leg());
                    }
                }
            }
            broker.dispatcher().wakeAll(publisher.loop(), shared);
        }

        /** One upstream after the other, so that "done" is noted once. */
        private void upstream(Qos2Published result) {
            List<UpstreamRoute> upstreams = routes.upstreams();
            if (result.upstreamDone() || upstreams.isEmpty()) {
                safe();
                return;
            }
            var request = new Upstream.Request(publisher.session().client, routed, result.messageId());
            Steps.each(
                    upstreams.size(),
                    (index, next) -> broker.upstreams()
                            .call(publisher.loop(), upstreams.get(index), request, next, this::failed),
                    this::noteDone);
        }

        private void noteDone() {
            call(
                    () -> broker.sessions().qos2In(publisher.session().fence, packetId, SessionStore.Qos2In.DONE),
                    result -> {
                        if (result == FenceResult.OK) {
                            safe();
                        } else {
                            publisher.end(ReasonCode.SESSION_TAKEN_OVER);
                            end();
                        }
                    },
                    failure -> {
                        broker.storeFailed(publisher, failure);
                        end();
                    });
        }

        private void holdIfCongested(LocalSubscriber subscriber) {
            if (subscriber.isCongested()) {
                subscriber.holdBack(publisher);
            }
        }

        private void holdIfCongested(SharedTarget target) {
            SharedGroup<Object, Route> group = broker.routes().group(target.filter());
            LocalSubscriber congested = group == null || !target.node().equals(broker.nodeId())
                    ? null
                    : broker.sharedPick().congested(group);
            if (congested != null) {
                congested.holdBack(publisher);
            }
        }

        private void safe() {
            if (!publisher.pressure().hasFailed()) {
                publisher.onPublished(ticket, PublishOutcome.NOBODY);
            }
            end();
        }

        private void failed(Throwable cause) {
            publisher.onPublishFailed(ticket, cause);
            end();
        }

        private <T> void call(Supplier<CompletionStage<T>> call, Consumer<T> onResult, Consumer<Throwable> onFailure) {
            SpiCalls.call(publisher.loop(), broker.timeouts().storeNanos(), "session store", call, onResult, onFailure);
        }
    }

    // ---- out ----

    /** PUBREC: noted, then PUBREL may leave. */
    void release(ConnectionDriver connection, long seq) {
        fenced(
                connection,
                () -> broker.sessions().qos2Out(connection.session().fence, seq, SessionStore.Qos2Out.RELEASED),
                () -> connection.machine().onReleased(seq));
    }

    /** PUBCOMP: noted, then the packet id is free. */
    void complete(ConnectionDriver connection, long seq) {
        fenced(
                connection,
                () -> broker.sessions().qos2Out(connection.session().fence, seq, SessionStore.Qos2Out.COMPLETED),
                () -> connection.machine().onCompleted(seq));
    }

    private void fenced(ConnectionDriver connection, Supplier<CompletionStage<FenceResult>> call, Runnable onOk) {
        SpiCalls.call(
                connection.loop(),
                broker.timeouts().storeNanos(),
                "session store",
                call,
                result -> {
                    if (result == FenceResult.OK) {
                        onOk.run();
                    } else {
                        connection.end(ReasonCode.SESSION_TAKEN_OVER);
                    }
                },
                failure -> broker.storeFailed(connection, failure));
    }
}
