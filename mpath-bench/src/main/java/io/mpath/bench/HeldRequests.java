package io.mpath.bench;

import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.path.PathQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The far end of a path that keeps what it is given until it is told how all of it ends.
 *
 * <p>Threading: any thread submits; one thread ends, after the last submission.
 */
final class HeldRequests implements PathQueue {
    private final PathIo[] held;
    private final long[] tags;
    private final AtomicInteger count = new AtomicInteger();

    /** Room for {@code capacity} requests. */
    HeldRequests(int capacity) {
        held = new PathIo[capacity];
        tags = new long[capacity];
    }

    @Override
    public boolean submit(PathIo io) {
        int at = count.getAndIncrement();
        held[at] = io;
        tags[at] = io.tag();
        return true;
    }

    /** How many it has. */
    int count() {
        return count.get();
    }

    /** Ends all of them well. */
    void completeAll() {
        int all = count.getAndSet(0);
        for (int i = 0; i < all; i++) {
            held[i].complete(tags[i]);
        }
    }

    /** Ends all of them with {@code failure}. */
    void failAll(PathFailure failure) {
        int all = count.getAndSet(0);
        for (int i = 0; i < all; i++) {
            held[i].fail(tags[i], failure);
        }
    }
}
