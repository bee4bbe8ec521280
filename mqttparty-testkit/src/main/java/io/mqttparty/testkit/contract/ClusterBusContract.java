package io.mqttparty.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.Correlation;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of {@link ClusterBus}. */
public abstract class ClusterBusContract extends BackendContract {
    private static final ClientId CLIENT = ClientId.of("c");

    @Test
    void join_some_areMembers() {
        assertThat(bus().members()).containsExactlyInAnyOrder(node1().id(), node2().id());
    }

    @Test
    void join_member_holdsItsLease() {
        assertThat(node1().lease().isHeld()).isTrue();
    }

    @Test
    void send_anyRecord_arrivesAsItIs() {
        SessionRef session = new SessionRef(CLIENT, new Token("one-1"));
        Correlation correlation = new Correlation(Long.MAX_VALUE, -1);
        List<BusRecord> records = new ArrayList<>(List.of(
                new BusRecord.Push(session, 65_536, Optional.of(message("m"))),
                new BusRecord.Push(session, 65_537, Optional.empty()),
                new BusRecord.Transmit(message("m").withDeadlineMillis(4_102_444_800_000L)),
                new BusRecord.TransmitShared(message("m"), TopicFilter.of("$share/g/m/+"), 2),
                new BusRecord.Kick(CLIENT, 7, node1().id()),
                new BusRecord.Kicked(CLIENT, 7),
                new BusRecord.Forward(session, message("m").withQos(QoS.AT_MOST_ONCE)),
                new BusRecord.NotOwner(CLIENT),
                new BusRecord.Downlink(correlation, session, message("m"), true, 30_000),
                new BusRecord.Watch(correlation, session, 65_536, 30_000),
                new BusRecord.Disconnect(correlation, CLIENT, 7),
                new BusRecord.Expect(correlation, CLIENT, message("m").topic(), 30_000),
                new BusRecord.Forget(correlation),
                new BusRecord.Reply(new Correlation(0, Long.MIN_VALUE), message("m"))));
        for (BusRecord.Outcome outcome : BusRecord.Outcome.values()) {
            records.add(new BusRecord.Answer(correlation, outcome));
        }

        records.forEach(record -> assertThat(send(node1(), node2(), record)).isTrue());

        assertThat(node2().takeAll())
                .isEqualTo(records.stream()
                        .map(record -> new ContractNode.Received(node1().id(), record))
                        .toList());
        assertThat(node1().received()).isEmpty();
    }

    @Test
    void send_toItself_arrives() {
        send(node1(), node1(), number(1));

        assertThat(node1().takeAll()).containsExactly(new ContractNode.Received(node1().id(), number(1)));
    }

    @Test
    void send_many_arriveInOrderOnce() {
        for (int i = 0; i < 500; i++) {
            send(node1(), node2(), number(i));
        }

        assertThat(node2().received())
                .containsExactlyElementsOf(IntStream.range(0, 500)
                        .mapToObj(ClusterBusContract::number)
                        .toList());
    }

    @Test
    void send_fromSeveralNodes_eachOrderIsKept() {
        List<ContractNode> senders = List.of(node1(), node2());
        Race.of(2, thread -> {
            for (int i = 0; i < 200; i++) {
                send(senders.get(thread), node1(), number(i));
            }
            return true;
        });

        List<ContractNode.Received> all = node1().takeAll();
        for (ContractNode sender : senders) {
            assertThat(all)
                    .filteredOn(each -> each.from().equals(sender.id()))
                    .extracting(ContractNode.Received::record)
                    .containsExactlyElementsOf(IntStream.range(0, 200)
                            .mapToObj(ClusterBusContract::number)
                            .toList());
        }
    }

    @Test
    void send_toNoMember_isFalse() {
        assertThat(await(bus().send(node1().id(), newNodeId("never"), number(1))))
                .isFalse();
    }

    @Test // F25
    void send_toOneThatLeft_isFalse() {
        await(bus().leave(node2().id()));

        assertThat(await(bus().send(node1().id(), node2().id(), number(1)))).isFalse();
    }

    @Test
    void leave_member_isNoneAnyMore() {
        await(bus().leave(node2().id()));
        await(bus().leave(node2().id()));

        assertThat(bus().members()).containsExactly(node1().id());
    }

    @Test
    void leave_unknown_changesNothing() {
        await(bus().leave(newNodeId("never")));

        assertThat(bus().members()).hasSize(2);
    }

    @Test // F28
    void leave_ownerOfSessions_losesThemAllAndAnotherIsTold() {
        Attached persistent = connect("p").at(node2()).will(message("w")).attach();
        connect("t").at(node2()).transientSession().attach();
        Attached other = connect("o").will(message("w")).attach();

        await(bus().leave(node2().id()));

        assertThat(locate("p", "t", "o")).containsOnlyKeys(ClientId.of("p"), ClientId.of("o"));
        assertThat(entry("p").owner().isOnline()).isFalse();
        assertThat(entry("o").owner().epoch()).isEqualTo(other.fence().epoch());
        assertThat(entry("o").owner().isOnline()).isTrue();
        assertThat(node1().lost()).containsExactlyInAnyOrder(node2().id() + " p", node2().id() + " t");
        assertThat(node2().lost()).isEmpty();
        assertThat(await(sessions().sweep(10)).wills())
                .extracting(PendingWill::epoch)
                .containsExactly(persistent.fence().epoch());
    }

    @Test // F15
    void leave_whileClientsAttach_nobodyIsOwnedByANodeThatIsGone() {
        for (int round = 0; round < 20; round++) {
            NodeId node = newNodeId("brief");
            await(bus().join(node, new QuietMember()));
            String prefix = "r" + round + ".";
            List<String> clients = new ArrayList<>();
            IntStream.range(0, 3).forEach(i -> clients.add(prefix + i));
            Race.of(
                    4,
                    thread -> thread == 3 ? await(bus().leave(node)) == null : attachOrFail(clients.get(thread), node));

            assertThat(locate(clients.toArray(new String[0])).values())
                    .noneMatch(entry -> entry.owner().isOnline());
        }
    }

    private boolean attachOrFail(String client, NodeId node) {
        try {
            connect(client).at(node).attach();
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    private ClusterBus bus() {
        return backend().cluster().bus();
    }

    private boolean send(ContractNode from, ContractNode to, BusRecord record) {
        return await(bus().send(from.id(), to.id(), record));
    }

    private static BusRecord number(int i) {
        return new BusRecord.Kicked(CLIENT, i);
    }
}
