package io.mpath.internal.loop;

import com.google.common.collect.ImmutableList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The user's executor, with others behind it that run what it rejects: a callback that is never run is a request never ended.
 * What not even a thread of its own can be had for is kept until the next task comes. Any thread.
 */
public final class SafeExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(SafeExecutor.class);

    private final ImmutableList<Executor> executors;
    private final Queue<Runnable> kept = new ConcurrentLinkedQueue<>();

    /** Runs each task on the first of {@code executors} that takes it, or on a thread of its own. */
    public SafeExecutor(Executor... executors) {
        this.executors = ImmutableList.copyOf(executors);
    }

    @Override
    public void execute(Runnable task) {
        // Most are handed on without a node of the queue for each. Who comes just when another's is kept does not wait
        // for that.
        if (kept.isEmpty() && handOn(task)) {
            return;
        }
        kept.add(task);
        for (Runnable next = kept.poll(); next != null; next = kept.poll()) {
            if (!handOn(next)) {
                kept.add(next);
                return;
            }
        }
    }

    private boolean handOn(Runnable task) {
        for (Executor executor : executors) {
            try {
                executor.execute(task);
                return true;
            } catch (Throwable t) {
                LOG.debug("{} rejected a task", executor, t);
            }
        }
        try {
            Thread thread = new Thread(task, "mpath-rescue");
            thread.setDaemon(true);
            thread.start();
            return true;
        } catch (Throwable t) {
            LOG.error("no thread can be had for a task: it waits for the next one", t);
            return false;
        }
    }
}
