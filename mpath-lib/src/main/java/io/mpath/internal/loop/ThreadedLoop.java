package io.mpath.internal.loop;

import io.mpath.ControlLoop;
import io.mpath.Ticker;
import io.mpath.Timers;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control loop as a thread: runs what is handed in, and timers when they are due, and parks in between.
 *
 * <p>Threading: {@code tasks} takes from any thread; timers belong to the loop's thread. {@code parked} is set before
 * the queue is looked at a last time, so a task that comes in between finds it set and wakes the thread. Once the thread has
 * ended, whoever hands in a task plays its part, one at a time: a late question still gets its answer.
 */
final class ThreadedLoop implements ControlLoop, Timers {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadedLoop.class);
    private static final int TIMER_CHECK = 256;
    private static final int WORTH_SWEEPING = 1024;

    private final Ticker ticker;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Delayed> timers = new PriorityQueue<>();
    private long sequence;
    private int cancelled;
    private volatile boolean parked;
    private volatile boolean stopped;
    private volatile boolean ended;
    private volatile @Nullable Thread understudy;
    private Runnable afterEach = () -> {};

    ThreadedLoop(Ticker ticker) {
        this.ticker = ticker;
        this.thread = new Thread(this::run, "mpath-control");
        thread.setDaemon(true);
    }

    /** Has {@code task} run behind each of its tasks, by the thread that ran it. Before it starts. */
    void afterEach(Runnable task) {
        afterEach = task;
    }

    void start() {
        thread.start();
    }

    /** Ends the thread when it has run what was handed in so far. */
    void stop() {
        execute(() -> stopped = true);
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (parked) {
            LockSupport.unpark(thread);
        } else if (ended && !inLoop()) {
            runLateTasks();
        }
    }

    private synchronized void runLateTasks() {
        understudy = Thread.currentThread();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            runSafely(task);
        }
        understudy = null;
    }

    @Override
    public boolean inLoop() {
        Thread self = Thread.currentThread();
        return self == thread || self == understudy;
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        Delayed delayed = new Delayed(ticker.nanos() + Math.min(delayNanos, Long.MAX_VALUE / 4), sequence++, task);
        timers.add(delayed);
        return () -> cancel(delayed);
    }

    private void cancel(Delayed delayed) {
        if (delayed.task != null) {
            delayed.task = null;
            cancelled++;
            if (cancelled > timers.size() / 2 && cancelled > WORTH_SWEEPING) {
                timers.removeIf(timer -> timer.task == null);
                cancelled = 0;
            }
        }
    }

    private void run() {
        while (!stopped) {
            int ran = 0;
            for (Runnable task = tasks.poll(); task != null; task = ++ran < TIMER_CHECK ? tasks.poll() : null) {
                runSafely(task);
            }
            long now = ticker.nanos();
            for (Delayed due = timers.peek(); due != null && due.at - now <= 0; due = timers.peek()) {
                timers.remove();
                Runnable task = due.task;
                due.task = null;
                if (task == null) {
                    cancelled--;
                } else {
                    runSafely(task);
                }
            }
            park();
        }
        ended = true;
        runLateTasks();
    }

    private void park() {
        parked = true;
        if (tasks.isEmpty() && !stopped) {
            Delayed next = timers.peek();
            if (next == null) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, next.at - ticker.nanos());
            }
        }
        parked = false;
    }

    private void runSafely(Runnable task) {
        try {
            task.run();
        } catch (Throwable t) {
            LOG.error("a task of the control loop failed: this is a bug", t);
        }
        afterEach.run();
    }

    /** A timer. Its task is null once it ran or was cancelled; the heap drops it when it comes up, or in a sweep. */
    private static final class Delayed implements Comparable<Delayed> {
        private final long at;
        private final long order;
        private @Nullable Runnable task;

        Delayed(long at, long order, Runnable task) {
            this.at = at;
            this.order = order;
            this.task = task;
        }

        @Override
        public int compareTo(Delayed other) {
            return at == other.at ? Long.compare(order, other.order) : Long.signum(at - other.at);
        }
    }
}
