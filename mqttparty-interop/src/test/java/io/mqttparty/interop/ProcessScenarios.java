package io.mqttparty.interop;

import static io.mqttparty.interop.Rig.awaitPayloads;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a client library in a process of its own allows to be tried in addition. */
abstract class ProcessScenarios extends ClientScenarios {
    private final ProcessDriver processes;

    ProcessScenarios(ProcessDriver driver) {
        super(driver);
        this.processes = driver;
    }

    @Test
    @Tag("MQTT-3.1.2-8")
    void processKilled_clientWithWill_willIsPublished() {
        Subscriber watcher = rig.subscribe(driver, Subscribing.clean("watcher", "wills", 1));
        Subscribing how = Subscribing.clean("victim", "unused", 0);
        ProcessSubscriber victim = rig.subscribe(processes, how.with(new Subscribing.Will("wills", "gone", 1, false)));

        victim.kill();

        awaitPayloads(watcher, List.of("gone"));
        rig.assertCalm();
    }
}
