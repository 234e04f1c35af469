package io.mpath.internal.io;

import io.mpath.path.PathQueue;

/**
 * One stripe's way to one path: its queue and what was given to it.
 *
 * <p>Threading: the counts are plain, written by the threads of the stripe and read by who asks for counters; two threads that
 * share the stripe may lose an update.
 */
public final class Lane {
    final PathQueue queue;
    long requests;
    long bytes;

    Lane(PathQueue queue) {
        this.queue = queue;
    }

    /** The queue. */
    public PathQueue queue() {
        return queue;
    }

    /** Counts an attempt over {@code length} bytes. */
    public void count(long length) {
        requests++;
        bytes += length;
    }
}
