package io.mpath.path;

import io.mpath.IoOperation;
import io.mpath.PassthroughCommand;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to execute a request, as its path sees it. Valid from {@link PathQueue#submit} until it is ended; the object is
 * used again for other attempts afterwards, which {@link #tag} tells apart.
 *
 * <p>Ending an attempt hands its buffers back: a path never touches them after that, whatever it reports. A path that cannot
 * know whether something below still reads or writes them (a lost connection) keeps data in memory of its own.
 *
 * <p>Threading: the parameters may be read by any thread while the attempt is with the path. {@link #complete} and {@link
 * #fail} may be called by any thread, once per tag; what comes late or twice is recognised by its tag, counted and dropped.
 */
public abstract sealed class PathIo permits io.mpath.internal.io.Attempt, io.mpath.internal.io.DetachedAttempt {
    /** Only the library makes attempts. */
    protected PathIo() {}

    /** The mark of this attempt, to be read in {@code submit} and given back at its end (Linux: the generation in a tag). */
    public abstract long tag();

    /** What to do. */
    public abstract IoOperation operation();

    /** Where, in bytes; a multiple of the logical block size, within the path's capacity. */
    public abstract long offset();

    /** How much, in bytes; within the path's limit for the operation. Zero for flush and passthrough. */
    public abstract long length();

    /** Whether a write must be durable before it completes. */
    public abstract boolean forceUnitAccess();

    /**
     * Number of buffers: for read and write the scatter list, for compare-and-write the expected data and the replacement, else
     * none.
     */
    public abstract int bufferCount();

    /**
     * A buffer of the caller's. Its position and limit are the caller's too: use it only by absolute index, or through a
     * duplicate.
     */
    public abstract ByteBuffer buffer(int index);

    /** The index in {@link #buffer} where its data starts. */
    public abstract int bufferOffset(int index);

    /** How many bytes of {@link #buffer} are data. */
    public abstract int bufferLength(int index);

    /** The command of a passthrough, else null. */
    public abstract @Nullable PassthroughCommand command();

    /**
     * How long the path is to let this attempt take before it gives it up, where it can, in nanoseconds. Never sooner; later, where
     * giving up disturbs others: an NVMe controller is reset for all when one command's time is over.
     */
    public abstract long timeoutNanos();

    /** Ends the attempt that had {@code tag}: it succeeded, all of it. */
    public abstract void complete(long tag);

    /** Ends the attempt that had {@code tag}: it did not succeed. */
    public abstract void fail(long tag, PathFailure failure);
}
