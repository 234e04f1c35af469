package io.mpath.examples.workload;

import io.mpath.IoCallback;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;

/**
 * One request of a worker, used again and again, with its buffer.
 *
 * <p>Threading: owned by the worker, except between submit and completion, when the library calls back and hands it over
 * through the worker's queue.
 */
final class Slot implements IoCallback {
    private static final int PAGE = 4096;

    final IoRequest request = IoRequest.create().onComplete(this);
    final ByteBuffer buffer;
    private final BlockingQueue<Slot> ended;

    boolean write;
    long block;
    long offset;
    /** The generation that is written, or the least that may be read. */
    int generation;

    boolean underWay;
    long submittedNanos;
    long endedNanos;
    /** The request has ended, but something may still touch the buffer: the slot comes back once more. */
    boolean lingering;

    Slot(int bytes, BlockingQueue<Slot> ended) {
        int pages = (bytes + PAGE - 1) / PAGE + 1; // aligning costs up to one, at the ends
        this.buffer = ByteBuffer.allocateDirect(pages * PAGE).alignedSlice(PAGE).slice(0, bytes);
        this.ended = ended;
    }

    @Override
    public void completed(IoRequest request, IoStatus status) {
        endedNanos = System.nanoTime();
        lingering = request.buffersInUse();
        ended.add(this);
    }

    @Override
    public void buffersReleased(IoRequest request) {
        ended.add(this);
    }
}
