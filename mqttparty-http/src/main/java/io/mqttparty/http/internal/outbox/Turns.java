package io.mqttparty.http.internal.outbox;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs tasks one after the other, each on a thread that brought one: what they alone touch needs no lock. A task never runs inside another. */
final class Turns implements Executor {
    private static final Logger LOG = System.getLogger("io.mqttparty.http");

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (open.getAndIncrement() != 0) {
            return; // somebody is at it
        }
        do {
            Runnable next = tasks.poll();
            if (next != null) { // always: each increment follows its task
                run(next);
            }
        } while (open.decrementAndGet() != 0);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) { // the tasks of all others have to run
            LOG.log(Level.ERROR, "outbox: internal error", e);
        }
    }
}
