package io.mqttparty.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SharedGroupTest {
    private static final TopicFilter FILTER = TopicFilter.of("$share/g/a/+");

    private final TopicTree<String, String> tree = new TopicTree<>(42);

    @Test
    void match_groupOfTwo_isReportedOnce() {
        tree.put(FILTER, "one", "1");
        tree.put(FILTER, "two", "2");

        assertThat(Matches.of(tree, "a/b")).containsExactly("g:one,two");
    }

    @Test
    void match_severalGroupsAndFilters_reportsEachPair() {
        tree.put(FILTER, "one", "1");
        tree.put(TopicFilter.of("$share/h/a/+"), "one", "1");
        tree.put(TopicFilter.of("$share/g/a/b"), "two", "2");
        tree.put(TopicFilter.of("$share/g/a/#"), "three", "3");
        tree.put(TopicFilter.of("a/b"), "four", "4");

        assertThat(Matches.of(tree, "a/b")).containsExactlyInAnyOrder("g:one", "h:one", "g:two", "g:three", "four=4");
    }

    @Test
    void match_topicThatSpellsTheSharedFilter_isNotReported() {
        tree.put(TopicFilter.of("$share/g/a"), "one", "1");

        assertThat(Matches.of(tree, "$share/g/a")).isEmpty();
    }

    @Test
    void put_sameSubscriberAgain_replacesTheValue() {
        assertThat(tree.put(FILTER, "one", "old")).isNull();
        assertThat(tree.put(FILTER, "one", "new")).isEqualTo("old");

        assertThat(group().members().value(0)).isEqualTo("new");
        assertThat(tree.size()).isEqualTo(1);
    }

    @Test
    void remove_lastMember_endsTheGroup() {
        tree.put(FILTER, "one", "1");
        tree.put(FILTER, "two", "2");

        assertThat(tree.remove(FILTER, "one")).isEqualTo("1");
        assertThat(Matches.of(tree, "a/b")).containsExactly("g:two");
        assertThat(tree.remove(FILTER, "two")).isEqualTo("2");
        assertThat(tree.remove(FILTER, "two")).isNull();
        assertThat(Matches.of(tree, "a/b")).isEmpty();
        assertThat(tree.nodeCount()).isZero();
    }

    @Test
    void members_afterChanges_stayAsTheyWere() {
        for (int i = 0; i < 100; i++) {
            tree.put(FILTER, "m" + i, "");
        }
        Members<String, String> before = group().members();
        List<String> keys = Matches.keys(before);
        for (int i = 0; i < 99; i++) {
            tree.remove(FILTER, "m" + i);
        }

        assertThat(Matches.keys(before)).isEqualTo(keys).hasSize(100);
        assertThat(Matches.keys(group().members())).containsExactly("m99");
    }

    @Test
    void members_ofAGroupThatHasEnded_areTheLastOnes() {
        tree.put(FILTER, "one", "1");
        SharedGroup<String, String> group = group();
        tree.remove(FILTER, "one");

        assertThat(Matches.keys(group.members())).containsExactly("one");
    }

    @Test
    void nextIndex_calledAgain_goesRound() {
        tree.put(FILTER, "one", "1");
        tree.put(FILTER, "two", "2");
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            starts.add(group().nextIndex() % group().members().size());
        }

        assertThat(starts).containsExactly(0, 1, 0, 1);
    }

    private SharedGroup<String, String> group() {
        List<SharedGroup<String, String>> groups = new ArrayList<>();
        tree.match(TopicName.of("a/b"), new TopicTree.Sink<>() {
            @Override
            public void onMatch(String subscriber, String value) {
                throw new AssertionError(subscriber);
            }

            @Override
            public void onSharedMatch(SharedGroup<String, String> group) {
                groups.add(group);
            }
        });
        assertThat(groups).hasSize(1);
        return groups.get(0);
    }
}
