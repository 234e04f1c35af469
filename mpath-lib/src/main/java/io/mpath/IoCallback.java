package io.mpath;

/**
 * Told when a request ends.
 *
 * <p>Threading: a request that went well on its first path is reported on the thread that the path completed it on, and so is
 * every one of a bare device; one that could not be sent at all (misaligned, out of range, closed, queue full) on the submitting
 * thread; all others on the completion executor; never on the control loop. What was submitted through an {@link IoChannel} is
 * told where that is polled. A callback never runs inside another one of the same
 * thread: what a callback submits, and what ends at once, is reported when it has returned, so callbacks may submit again without
 * the stack growing. An exception thrown here is logged and goes no further.
 */
@FunctionalInterface
public interface IoCallback {
    /**
     * The request has ended; unless {@link IoRequest#buffersInUse} it may be used again, here and now.
     *
     * @param request the request, with its parameters still set
     * @param status how it ended
     */
    void completed(IoRequest request, IoStatus status);

    /**
     * After {@link #completed} told that the buffers were still in use: they no longer are, and the request may be used again.
     */
    default void buffersReleased(IoRequest request) {}
}
