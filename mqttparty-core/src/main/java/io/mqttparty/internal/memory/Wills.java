package io.mqttparty.internal.memory;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.Will;
import io.mqttparty.spi.SessionStore.Fired;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.SessionStore.Stored;
import io.mqttparty.spi.Targets;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The wills of connections that are over, each published once. */
final class Wills {
    private static final Logger LOG = System.getLogger(Wills.class.getName());

    private final SessionTable table;
    private final Appender appender;
    private final RetainedMap retained;

    Wills(SessionTable table, Appender appender, RetainedMap retained) {
        this.table = table;
        this.appender = appender;
        this.retained = retained;
    }

    /** Writes the retained message of a will, once. */
    boolean retain(ClientId client, long epoch) {
        SessionRecord record = table.find(client);
        if (record == null) {
            return false;
        }
        synchronized (record) {
            PendingWills.Entry entry = record.wills().get(epoch);
            if (entry == null || entry.isRetained() || !entry.will().message().retain()) {
                return false;
            }
            entry.retained();
            return write(client, entry.will().message());
        }
    }

    private boolean write(ClientId client, Message message) {
        try {
            retained.put(message); // [MQTT-3.1.2-17]
            return true;
        } catch (MqttPartyException e) { // nobody is left who could be refused: its subscribers still get it
            LOG.log(Level.WARNING, () -> "the will of client " + client + " was not retained: " + e.getMessage());
            return false;
        }
    }

    /** Publishes a will, once. */
    Fired fire(ClientId client, long epoch, Targets targets) {
        List<Stored> stored;
        Message message;
        synchronized (table.stepLock(client)) {
            Will will = remove(client, epoch);
            if (will == null) {
                return new Fired(false, List.of(), List.of());
            }
            message = will.message().withRetain(false); // [MQTT-3.3.1-9]
            stored = appender.appendAll(message, targets.legs());
        }
        return new Fired(true, stored, appender.transmit(message, targets));
    }

    private @Nullable Will remove(ClientId client, long epoch) {
        SessionRecord record = table.find(client);
        if (record == null) {
            return null;
        }
        synchronized (record) {
            Will will = record.wills().remove(epoch);
            table.settle(record);
            return will;
        }
    }

    /** Wills of clients without connection: nobody else publishes them. */
    List<PendingWill> due(int max) {
        List<PendingWill> due = new ArrayList<>();
        for (ClientId client : table.dueWills()) {
            if (due.size() >= max) {
                break;
            }
            addDue(client, max - due.size(), due);
        }
        return due;
    }

    private void addDue(ClientId client, int max, List<PendingWill> due) {
        SessionRecord record = table.find(client);
        if (record == null) {
            return;
        }
        synchronized (record) {
            if (record.isOffline()) {
                record.wills().all().stream().limit(max).forEach(due::add);
            }
        }
    }
}
