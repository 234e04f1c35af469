package io.mpath.bench;

import io.mpath.path.PathIo;
import io.mpath.path.PathQueue;

/**
 * A queue that ends its requests when it is polled, well and in the order in which they came: the completion ring of a device.
 *
 * <p>Threading: one thread.
 */
final class PolledRequests implements PathQueue {
    private static final int ROOM = 256;

    private final PathIo[] held = new PathIo[ROOM];
    private final long[] tags = new long[ROOM];
    private long head;
    private long tail;

    @Override
    public boolean submit(PathIo io) {
        if (tail - head == ROOM) {
            return false;
        }
        int at = (int) tail & (ROOM - 1);
        held[at] = io;
        tags[at] = io.tag();
        tail++;
        return true;
    }

    @Override
    public int poll() {
        int ended = 0;
        for (; head < tail; ended++) {
            int at = (int) head & (ROOM - 1);
            head++;
            held[at].complete(tags[at]);
        }
        return ended;
    }
}
