package io.mqttparty.internal.broker;

import io.mqttparty.spi.Owner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the CONNECT under way has to do with older and newer connections of its client: it waits for the end of the one before it, and whoever attached later
 * waits for its own. Confined to the loop of the connection.
 */
final class ConnectKicks {
    private final LoopContext loop;
    /** Connections with this epoch or a lower one are over. */
    private long takenOverUpTo = -1;
    /** The end of the owner before, up to this epoch, is known. */
    private long endedUpTo = -1;

    private long awaitedEpoch;
    private @Nullable Runnable onEnded;
    /** Whoever waits for the end of this connection because another one attached later, or perhaps did. */
    private final List<Kick> kicks = new ArrayList<>(0);

    private record Kick(long epoch, KickAnswer answer) {}

    ConnectKicks(LoopContext loop) {
        this.loop = loop;
    }

    /** Whether a later connection has taken over from the one with this epoch. */
    boolean isTakenOver(long epoch) {
        return takenOverUpTo >= epoch;
    }

    /**
     * Another connection attached meanwhile, or had attached before.
     *
     * @param ownEpoch that of this connection; below 0 if it is not known yet
     */
    void onKick(long epoch, long ownEpoch, KickAnswer answer) {
        takenOverUpTo = Math.max(takenOverUpTo, epoch);
        if (ownEpoch > epoch) {
            answer.done();
        } else {
            kicks.add(new Kick(epoch, answer));
        }
    }

    /** Answers kicks that are about connections with this epoch or a lower one. */
    void answer(long upTo) {
        for (Kick kick : List.copyOf(kicks)) {
            if (kick.epoch() <= upTo) {
                kicks.remove(kick);
                kick.answer().done();
            }
        }
    }

    /** Goes on when the owner before has ended, or if it takes too long to say so. */
    void awaitEndOf(Owner previous, Runnable then) {
        if (previous.node().isEmpty() || endedUpTo >= previous.epoch()) {
            then.run();
            return;
        }
        awaitedEpoch = previous.epoch();
        onEnded = then;
        var unused = loop.eventLoop().schedule(Kicks.WAIT_NANOS, this::goOn);
    }

    /** An owner before has ended. */
    void onEnded(long epoch) {
        endedUpTo = Math.max(endedUpTo, epoch);
        if (endedUpTo >= awaitedEpoch) {
            goOn();
        }
    }

    private void goOn() {
        Runnable then = onEnded;
        onEnded = null;
        if (then != null) {
            then.run();
        }
    }
}
