package io.mqttparty.internal.routing;

import io.mqttparty.model.TopicName;
import java.util.ArrayList;
import java.util.List;

/** Records what a match reports, as "subscriber=value" and "group:member,member" with sorted members. */
final class Matches implements TopicTree.Sink<String, String> {
    final List<String> found = new ArrayList<>();

    static List<String> of(TopicTree<String, String> tree, String topic) {
        Matches matches = new Matches();
        tree.match(TopicName.of(topic), matches);
        return matches.found;
    }

    @Override
    public void onMatch(String subscriber, String value) {
        found.add(subscriber + "=" + value);
    }

    @Override
    public void onSharedMatch(SharedGroup<String, String> group) {
        found.add(group.name() + ":" + String.join(",", keys(group.members())));
    }

    static List<String> keys(Members<String, ?> members) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            keys.add(members.key(i));
        }
        keys.sort(null);
        return keys;
    }
}
