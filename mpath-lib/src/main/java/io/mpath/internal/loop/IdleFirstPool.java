package io.mpath.internal.loop;

import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A bounded pool in which an idle thread takes a task before another one is started: a failover, which is when tasks come,
 * should not wait for threads to be made. One thread stays; tasks beyond the bound queue.
 */
final class IdleFirstPool extends ThreadPoolExecutor {
    private final Waiting waiting;

    IdleFirstPool(int threads, long keepAliveSeconds, ThreadFactory factory) {
        this(threads, keepAliveSeconds, new Waiting(), factory);
    }

    private IdleFirstPool(int threads, long keepAliveSeconds, Waiting waiting, ThreadFactory factory) {
        super(1, threads, keepAliveSeconds, TimeUnit.SECONDS, waiting, factory);
        this.waiting = waiting;
        setRejectedExecutionHandler((task, pool) -> queue(task));
    }

    /** Every thread is busy, and there are no more to be had; or the pool is shut down. */
    private void queue(Runnable task) {
        waiting.keep(task);
        if (isShutdown() && remove(task)) {
            throw new RejectedExecutionException("the pool is shut down");
        }
    }

    /** What an executor offers to its queue goes to an idle thread, or not into the queue. */
    private static final class Waiting extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        void keep(Runnable task) {
            super.offer(task);
        }
    }
}
