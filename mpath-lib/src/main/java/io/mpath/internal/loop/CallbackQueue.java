package io.mpath.internal.loop;

import io.mpath.ControlLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executor of callbacks. What the control loop hands in while it runs one of its tasks is announced to the pool when that task
 * is over, or when it has become much: to wake a thread costs ten times what it takes to decide about a request, and a failover
 * may have a hundred thousand of those.
 *
 * <p>As many threads of the pool as there are to be work the queue off, each one task at a time: a callback that blocks keeps its
 * thread, and no task that another could run.
 *
 * <p>Threading: any thread hands in. {@code unannounced} belongs to the loop. Who hands in adds the task and then looks how many
 * work; who works counts itself out and then looks for tasks: so one of the two sees the other, and no task is left behind.
 */
final class CallbackQueue implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(CallbackQueue.class);
    private static final int MUCH = 64;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger working = new AtomicInteger();
    private final ControlLoop loop;
    private final Executor pool;
    private final int threads;
    private int unannounced;

    /**
     * For what {@code loop} and others hand in.
     *
     * @param pool takes whatever it is given
     * @param threads how many of its threads may work at once
     */
    CallbackQueue(ControlLoop loop, Executor pool, int threads) {
        this.loop = loop;
        this.pool = pool;
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (!loop.inLoop()) {
            announce(1);
        } else if (++unannounced >= MUCH) {
            announce();
        }
    }

    /** A task of the loop is over. On the loop. */
    void announce() {
        int handedIn = unannounced;
        if (handedIn > 0) {
            unannounced = 0;
            announce(handedIn);
        }
    }

    private void announce(int handedIn) {
        for (int wanted = Math.min(handedIn, threads); wanted > 0 && begins(); wanted--) {
            pool.execute(this::work);
        }
    }

    private boolean begins() {
        int now = working.get();
        while (now < threads) {
            if (working.compareAndSet(now, now + 1)) {
                return true;
            }
            now = working.get();
        }
        return false;
    }

    private void work() {
        do {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                runSafely(task);
            }
            working.decrementAndGet();
        } while (!tasks.isEmpty() && begins());
    }

    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (Throwable t) {
            LOG.error("a task of the completion executor failed", t);
        }
    }
}
