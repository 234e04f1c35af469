package io.mpath.bench;

import io.mpath.path.PathIo;
import io.mpath.path.PathQueue;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The far end of a path that ends requests well on a thread of its own, in the order in which they came.
 *
 * <p>Threading: one thread submits. The two counts, one written by either side, lie on cache lines of their own. The thread
 * spins: on a machine with a processor for each side, nothing else stands between submission and end.
 */
final class CompletingThread implements PathQueue {
    private static final int ROOM = 1 << 14;
    private static final int LINE = 16;
    private static final int SUBMITTED = LINE;
    private static final int ENDED = 3 * LINE;

    private final PathIo[] ring = new PathIo[ROOM];
    private final long[] tags = new long[ROOM];
    private final AtomicLongArray counts = new AtomicLongArray(4 * LINE);
    private final Thread thread = new Thread(this::run, "bench-completing");
    private volatile boolean stopped;

    /** Starts the thread. */
    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends it. */
    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
    }

    @Override
    public boolean submit(PathIo io) {
        long at = counts.getPlain(SUBMITTED);
        if (at - counts.getAcquire(ENDED) == ROOM) {
            throw new IllegalStateException("more than " + ROOM + " requests under way");
        }
        int slot = (int) at & (ROOM - 1);
        ring[slot] = io;
        tags[slot] = io.tag();
        counts.setRelease(SUBMITTED, at + 1);
        return true;
    }

    private void run() {
        long at = 0;
        while (!stopped) {
            if (at == counts.getAcquire(SUBMITTED)) {
                Thread.onSpinWait();
            } else {
                int slot = (int) at & (ROOM - 1);
                ring[slot].complete(tags[slot]);
                at++;
                counts.setRelease(ENDED, at);
            }
        }
    }
}
