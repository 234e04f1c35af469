package io.mpath;

import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * A device of fixed-size blocks, whether one path or many lead to it.
 *
 * <p>Offsets and lengths are in bytes and must be multiples of the logical block size ({@link #geometry}); requests longer than
 * a path's limits are split, compare-and-write excepted. Scattered buffers are filled or drained in order, from position to
 * limit, and positions advance only when the request succeeds. Nothing orders requests that are under way together.
 *
 * <p>Three forms: the methods here return a future; {@link IoFuture#await} makes them blocking; {@link #submit} is for those
 * who count allocations. A request that cannot be (misaligned, out of range, closed device) ends with the status that says
 * so, in every form. Arguments that no device could take (null, a read-only buffer to read into) throw.
 *
 * <p>Threading: every method may be called by any thread.
 */
public interface BlockDevice extends AutoCloseable {
    /** Which logical unit this is. */
    DeviceId id();

    /** Size and limits at this moment. */
    Geometry geometry();

    /** Reads into {@code into}. */
    IoFuture read(long offset, ByteBuffer... into);

    /** Writes from {@code from}. */
    IoFuture write(long offset, ByteBuffer... from);

    /** Writes from {@code from}, durable before it succeeds. */
    IoFuture writeDurably(long offset, ByteBuffer... from);

    /**
     * Makes all writes acknowledged so far durable. Where a flush covers only what was written through its own port ({@link
     * Geometry#flushPerPort}), it goes to each port that was written through since that was flushed last; one that cannot be reached
     * by then does not fail it: see {@link io.mpath.observe.MultipathEvent.FlushIncomplete}.
     */
    IoFuture flush();

    /** Tells the device that a range is not needed. */
    IoFuture discard(long offset, long length);

    /** Makes a range read as zeroes. */
    IoFuture writeZeroes(long offset, long length);

    /** Writes {@code replacement} if the device holds {@code expected}, atomically; else {@link IoStatus#MISCOMPARE}. */
    IoFuture compareAndWrite(long offset, ByteBuffer expected, ByteBuffer replacement);

    /** Sends a command of the transport's own down one path, once. */
    IoFuture passthrough(PassthroughCommand command);

    /**
     * Starts {@code request} and returns at once; its callback tells the end. When the device already has as many requests as
     * it takes, that end is {@link IoStatus#QUEUE_FULL}.
     *
     * @throws IllegalStateException when the request is under way already, or was not set up
     */
    void submit(IoRequest request);

    /**
     * A view of this as a channel: blocking, with a position of its own, closing it leaves the device open. Reads and writes
     * at any alignment; an unaligned write reads and rewrites the blocks at its edges, which is not atomic. Errors come as {@link
     * java.io.IOException} with the {@link DeviceIoException} as cause.
     */
    SeekableByteChannel asChannel();

    /**
     * Answers every request, in bounded time, and lets go of the paths. Further requests end with {@link IoStatus#CLOSED}.
     * Closing twice does nothing.
     */
    @Override
    void close();
}
