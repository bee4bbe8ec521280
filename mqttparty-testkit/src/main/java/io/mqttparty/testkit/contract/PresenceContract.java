package io.mqttparty.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The contract of {@link Presence}. */
public abstract class PresenceContract extends BackendContract {
    @Test
    void locate_nobody_isEmpty() {
        assertThat(locate()).isEmpty();
        assertThat(locate("unknown")).isEmpty();
    }

    @Test
    void locate_some_tellsWhereTheyAre() {
        Attached online = connect("on").at(node2()).attach();
        Attached ending = connect("ending").transientSession().attach();
        Attached away = offline("off");

        var found = locate("on", "off", "ending", "unknown");

        assertThat(found).hasSize(3);
        assertThat(found.get(ClientId.of("on")))
                .satisfies(entry -> assertThat(entry.client()).isEqualTo(ClientId.of("on")))
                .satisfies(entry -> assertThat(entry.session()).isEqualTo(online.session()))
                .satisfies(entry -> assertThat(entry.persistent()).isTrue())
                .satisfies(entry -> assertThat(entry.owner())
                        .isEqualTo(new Owner(
                                Optional.of(node2().id()), online.fence().epoch())));
        assertThat(found.get(ClientId.of("off")))
                .satisfies(entry -> assertThat(entry.session()).isEqualTo(away.session()))
                .satisfies(entry -> assertThat(entry.persistent()).isTrue())
                .satisfies(entry -> assertThat(entry.owner())
                        .isEqualTo(new Owner(Optional.empty(), away.fence().epoch())));
        assertThat(found.get(ClientId.of("ending")))
                .satisfies(entry -> assertThat(entry.session()).isEqualTo(ending.session()))
                .satisfies(entry -> assertThat(entry.persistent()).isFalse());
    }

    @Test
    void locate_onlyAWillIsLeft_isUnknown() {
        Attached a = connect("a").transientSession().will(message("w")).attach();
        await(sessions().detach(a.fence(), Detach.LOST, 0));

        assertThat(locate("a")).isEmpty();
        assertThat(listed(10)).isEmpty();
    }

    @Test
    void since_connectsAndDisconnects_movesOn() {
        Attached first = connect("a").attach();
        Presence.Entry connected = entry("a");
        elapse(Duration.ofSeconds(1));
        assertThat(entry("a").since()).isEqualTo(connected.since());

        await(sessions().detach(first.fence(), Detach.CLEAN, 0));
        Presence.Entry disconnected = entry("a");
        elapse(Duration.ofSeconds(1));
        connect("a").attach();

        assertThat(disconnected.since()).isAfter(connected.since());
        assertThat(entry("a").since()).isAfter(disconnected.since());
    }

    @Test
    void locate_afterTakeover_showsTheNewOwner() {
        connect("a").attach();
        Attached second = connect("a").at(node2()).attach();

        assertThat(entry("a").owner())
                .isEqualTo(new Owner(Optional.of(node2().id()), second.fence().epoch()));
    }

    @Test
    void list_nobody_isOneEmptyPage() {
        Presence.Page page = await(presence().list("", 10));

        assertThat(page.entries()).isEmpty();
        assertThat(page.next()).isEmpty();
    }

    @Test
    void list_anyPageSize_findsEveryClient() {
        Set<String> clients = new HashSet<>();
        for (int i = 0; i < 25; i++) {
            String client = "c{" + i + "}/+#\u00e4";
            clients.add(client);
            if (i % 2 == 0) {
                offline(client);
            } else {
                connect(client).transientSession().attach();
            }
        }

        for (int max : List.of(1, 7, 25, 1_000)) {
            assertThat(listed(max)).isEqualTo(clients);
        }
    }

    @Test
    void list_someEndBetweenPages_theOthersAreFound() {
        for (int i = 0; i < 20; i++) {
            offline("c" + i);
        }
        Presence.Page first = await(presence().list("", 5));
        Set<String> seen = new HashSet<>(names(first));
        for (String each : List.copyOf(seen)) {
            Attached ending = connect(each).transientSession().attach();
            await(sessions().detach(ending.fence(), Detach.CLEAN, 0));
        }

        Optional<String> cursor = first.next();
        while (cursor.isPresent()) {
            Presence.Page page = await(presence().list(cursor.get(), 5));
            seen.addAll(names(page));
            cursor = page.next();
        }

        assertThat(seen).hasSize(20);
    }

    @Test
    void list_entries_areThoseOfLocate() {
        connect("a").attach();
        offline("b");

        assertThat(await(presence().list("", 10)).entries()).containsExactlyInAnyOrder(entry("a"), entry("b"));
    }

    private Presence presence() {
        return backend().cluster().presence();
    }

    private Set<String> listed(int max) {
        Set<String> found = new HashSet<>();
        int pages = 0;
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent()) {
            assertThat(++pages).as("pages of %s", max).isLessThan(1_000);
            Presence.Page page = await(presence().list(cursor.get(), max));
            found.addAll(names(page));
            cursor = page.next();
        }
        return found;
    }

    private static List<String> names(Presence.Page page) {
        return page.entries().stream().map(entry -> entry.client().value()).toList();
    }
}
