package io.mpath.internal.loop;

import com.google.common.collect.ImmutableList;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The user's executor, with others behind it that run what it rejects: a callback that is never run is a request never ended. */
public final class SafeExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(SafeExecutor.class);

    private final ImmutableList<Executor> executors;

    /** Runs each task on the first of {@code executors} that takes it, or on a thread of its own. */
    public SafeExecutor(Executor... executors) {
        this.executors = ImmutableList.copyOf(executors);
    }

    @Override
    public void execute(Runnable task) {
        for (Executor executor : executors) {
            try {
                executor.execute(task);
                return;
            } catch (RuntimeException e) {
                LOG.debug("{} rejected a task", executor, e);
            }
        }
        Thread thread = new Thread(task, "mpath-rescue");
        thread.setDaemon(true);
        thread.start();
    }
}
