package io.mpath;

/**
 * A door to a {@link MultipathDevice} that one thread has to itself (SPDK: an I/O channel): the fastest way in. It has slots, a
 * place in the rotation of paths, counts of requests in flight and queues of its own, so that a request that goes well writes
 * nothing that another thread writes for its own requests. Everything else is as through the shared door: what fails goes to other
 * paths, what is lost is held, what overlaps waits, and the same deadlines end it.
 *
 * <p>Callbacks run inside {@link #poll} and nowhere else, whatever became of the request; also what cannot be sent at all is told
 * there. An owner that does not poll is told nothing, and what its own queues have completed counts as under way until it does:
 * the deadline of such a request passes, its buffers stay in use, its path seems slow, changes that overlap it wait, and so does
 * {@link MultipathDevice#quiesce}. So an owner with requests under way must not wait for anything but these.
 *
 * <p>A policy that goes by requests in flight sees those of this channel alone (as in SPDK), each from when it is submitted until
 * its end is polled. For the shared door they count like all others.
 *
 * <p>Threading: owned by the thread that opened it, which may be a virtual one. Each method throws {@link IllegalStateException}
 * on any other thread.
 */
public interface IoChannel extends AutoCloseable {
    /**
     * Starts {@code request} and returns at once; {@link #poll} tells the end. When the channel already has as many requests under
     * way as it is deep, that end is {@link IoStatus#QUEUE_FULL}. Allowed inside a callback.
     *
     * @throws IllegalStateException when the request is under way already, or was not set up; when the channel is closed
     */
    void submit(IoRequest request);

    /**
     * Completes what is done, and runs the callbacks of what has ended by now. What ends meanwhile, by a request that a callback
     * submits, is left for the next call. Never blocks.
     *
     * @return how many ends and releases of buffers were told
     * @throws IllegalStateException inside a callback of this channel
     */
    int poll();

    /** Requests that were submitted and whose buffers the caller has not been given back yet. */
    int inFlight();

    /**
     * Takes no more requests. What is under way ends as before and is told by {@link #poll}, to be called until {@link #inFlight}
     * is zero: only then the queues are given back. Closing twice does nothing.
     *
     * <p>When the owner has ended, any thread may close its channel, and is the owner from then on.
     */
    @Override
    void close();
}
