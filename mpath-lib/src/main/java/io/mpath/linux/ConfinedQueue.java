package io.mpath.linux;

import io.mpath.path.Abortable;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.path.PathQueue;
import org.jspecify.annotations.Nullable;

/**
 * A channel's way to a path's threads: requests are carried out there, and complete here when their owner polls.
 *
 * <p>Threading: {@code inFlight} and {@code refused} belong to the owner; {@code ended} is guarded by its own monitor, which is
 * never held while another is taken; {@code abort} is for any thread. It has room for all in flight, so no ending ever waits for the owner.
 */
final class ConfinedQueue implements PathQueue, Abortable {
    private final BlockingThreads threads;
    private final Runnable roomAgain;
    private final int limit;
    private final RequestRing ended;
    private final RequestRing.Entry polled = new RequestRing.Entry();
    private int inFlight;
    private boolean refused;

    ConfinedQueue(BlockingThreads threads, int limit, Runnable roomAgain) {
        this.threads = threads;
        this.limit = limit;
        this.roomAgain = roomAgain;
        ended = new RequestRing(limit);
    }

    @Override
    public boolean submit(PathIo io) {
        if (inFlight == limit) {
            refused = true;
            return false;
        }
        inFlight++;
        if (threads.submit(io, io.tag(), this)) {
            return true;
        }
        inFlight--;
        return false;
    }

    @Override
    public int poll() {
        int completed = 0;
        while (takeEnded()) {
            completed++;
            inFlight--;
            BlockingThreads.end(polled);
        }
        if (completed > 0 && refused) {
            refused = false;
            roomAgain.run();
        }
        return completed;
    }

    private boolean takeEnded() {
        synchronized (ended) {
            return ended.take(polled);
        }
    }

    @Override
    public void abort(PathIo io, long tag) {
        threads.abort(io, tag);
    }

    void ended(PathIo io, long tag, @Nullable PathFailure failure) {
        synchronized (ended) {
            ended.put(io, tag, null, failure);
        }
    }
}
