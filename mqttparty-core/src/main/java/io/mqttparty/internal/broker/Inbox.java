package io.mqttparty.internal.broker;

import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.NodeId;

/** Hands records of other nodes, or of this one, to whom they are for. Called on any thread. */
final class Inbox {
    private final BrokerRuntime broker;

    Inbox(BrokerRuntime broker) {
        this.broker = broker;
    }

    void onRecord(NodeId from, BusRecord record) {
        if (record instanceof BusRecord.Push push) {
            push(push);
        } else if (record instanceof BusRecord.Transmit transmit) {
            LoopContext home = broker.homeLoop();
            home.execute(() -> broker.dispatcher().transmit(home, transmit.message()));
        } else if (record instanceof BusRecord.TransmitShared shared) {
            LoopContext home = broker.homeLoop();
            home.execute(() -> broker.dispatcher().transmitShared(home, shared));
        } else if (record instanceof BusRecord.Forward forward) {
            broker.dispatcher().forwarded(from, forward);
        } else if (record instanceof BusRecord.NotOwner gone) {
            broker.owners().forget(gone.client(), from);
        } else if (record instanceof BusRecord.Kick kick) {
            broker.kicks().onKick(kick);
        } else if (record instanceof BusRecord.Kicked kicked) {
            broker.kicks().onKicked(kicked);
        } else {
            onCall(from, record);
        }
    }

    private void push(BusRecord.Push push) {
        for (ConnectionDriver connection : broker.local().of(push.session().client())) {
            connection
                    .loop()
                    .execute(() -> connection.onPushed(
                            push.session(), push.seq(), push.message().orElse(null)));
        }
    }

    private void onCall(NodeId from, BusRecord record) {
        if (record instanceof BusRecord.Answer answer) {
            broker.calls().onAnswer(answer);
        } else if (record instanceof BusRecord.Reply reply) {
            broker.calls().onReply(reply);
        } else if (record instanceof BusRecord.Downlink downlink) {
            broker.service().onDownlink(from, downlink);
        } else if (record instanceof BusRecord.Watch watch) {
            broker.service().onWatch(from, watch);
        } else if (record instanceof BusRecord.Disconnect disconnect) {
            broker.service().onDisconnect(from, disconnect);
        } else if (record instanceof BusRecord.Expect expect) {
            broker.service().onExpect(from, expect);
        } else if (record instanceof BusRecord.Forget forget) {
            broker.service().onForget(from, forget);
        }
    }
}
