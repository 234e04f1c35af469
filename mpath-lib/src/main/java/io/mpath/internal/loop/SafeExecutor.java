package io.mpath.internal.loop;

import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The user's executor, with others behind it that run what it rejects: a callback that is never run is a request never ended. */
public final class SafeExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(SafeExecutor.class);

    private final Executor first;
    private final Executor second;

    /** Runs tasks on {@code first}, or on {@code second}, or on a thread of its own. */
    public SafeExecutor(Executor first, Executor second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public void execute(Runnable task) {
        try {
            first.execute(task);
        } catch (RuntimeException e) {
            LOG.debug("the completion executor rejected a task", e);
            executeElsewhere(task);
        }
    }

    private void executeElsewhere(Runnable task) {
        try {
            second.execute(task);
        } catch (RuntimeException e) {
            Thread thread = new Thread(task, "mpath-rescue");
            thread.setDaemon(true);
            thread.start();
        }
    }
}
