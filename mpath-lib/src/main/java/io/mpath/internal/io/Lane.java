package io.mpath.internal.io;

import io.mpath.path.PathQueue;

/**
 * One stripe's way to one path: its queue and what was given to it.
 *
 * <p>Threading: the counts are plain, written by the threads of the stripe and read by who asks for counters; two threads that
 * share the stripe may lose an update.
 */
public final class Lane {
    private static final int TIMED_ONE_IN = 16;

    final PathQueue queue;
    long requests;
    long bytes;
    private long timedTick;
    private int untilTimed;

    Lane(PathQueue queue) {
        this.queue = queue;
    }

    /** The queue. */
    public PathQueue queue() {
        return queue;
    }

    /** Whether the attempt about to be given to it is to be timed: the first in each tick of the coarse clock, and one in 16. */
    public boolean timesNext(long tick) {
        if (tick == timedTick && --untilTimed > 0) {
            return false;
        }
        timedTick = tick;
        untilTimed = TIMED_ONE_IN;
        return true;
    }

    /** Counts an attempt over {@code length} bytes. */
    public void count(long length) {
        requests++;
        bytes += length;
    }
}
