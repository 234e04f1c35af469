package io.mpath;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A reusable request for {@link BlockDevice#submit}: set it up, submit it, and after its callback set it up again. Submitting
 * one allocates nothing on a healthy device.
 *
 * <p>Offsets and lengths are in bytes and multiples of the device's logical block size. A buffer's data is what lies between
 * its position and its limit when it is submitted; positions advance to the limits when the request succeeds, and else stay.
 *
 * <p>Threading: owned by one thread until submitted, by the library until its callback (until {@link
 * IoCallback#buffersReleased}, where buffers were still in use). Changing or submitting it in between throws {@link
 * IllegalStateException}.
 */
public abstract sealed class IoRequest permits io.mpath.internal.io.RequestParameters {
    /** Only the library makes requests. */
    protected IoRequest() {}

    /** A request to be set up; usable with any device, one at a time. */
    public static IoRequest create() {
        return io.mpath.internal.io.Flight.create();
    }

    /** Makes this a read into {@code into}. @throws IllegalArgumentException when a buffer is read-only */
    public abstract IoRequest read(long offset, ByteBuffer... into);

    /** Makes this a read into one buffer; allocates nothing. */
    public abstract IoRequest read(long offset, ByteBuffer into);

    /** Makes this a write from {@code from}. */
    public abstract IoRequest write(long offset, ByteBuffer... from);

    /** Makes this a write from one buffer; allocates nothing. */
    public abstract IoRequest write(long offset, ByteBuffer from);

    /** Makes this a flush: all writes acknowledged before it is submitted are durable once it succeeds. */
    public abstract IoRequest flush();

    /** Makes this a discard of {@code length} bytes. */
    public abstract IoRequest discard(long offset, long length);

    /** Makes this a write of {@code length} zeroes. */
    public abstract IoRequest writeZeroes(long offset, long length);

    /** Makes this a compare-and-write; both buffers hold the same number of bytes. */
    public abstract IoRequest compareAndWrite(long offset, ByteBuffer expected, ByteBuffer replacement);

    /** Makes this a command of the transport's own: one path, one try. */
    public abstract IoRequest passthrough(PassthroughCommand command);

    /** Whether a write is durable before it succeeds (force unit access). Reset by the next set-up. */
    public abstract IoRequest forceUnitAccess(boolean durable);

    /**
     * How long the request may take, from its submission, until it is ended with {@link IoStatus#TIMED_OUT} or {@link
     * IoStatus#OUTCOME_UNKNOWN}: not before, and at most two clock ticks ({@link DeviceSettings#tick}) after. Reset to the
     * device's by the next set-up. A bare device ({@link Multipath#openBare}) passes it on to its path and leaves it at that.
     *
     * @throws ConfigurationException when it is not positive
     */
    public abstract IoRequest timeout(Duration timeout);

    /** Who is told of the end. Kept over set-ups. */
    public abstract IoRequest onComplete(@Nullable IoCallback callback);

    /** Something of the caller's own, kept until it is replaced. */
    public abstract IoRequest attachment(@Nullable Object attachment);

    /** What was last attached. */
    public abstract @Nullable Object attachment();

    /** What it does. */
    public abstract IoOperation operation();

    /** Where it starts, in bytes. */
    public abstract long offset();

    /** How many bytes it covers. */
    public abstract long length();

    /** How it ended last. @throws IllegalStateException while it is under way */
    public abstract IoStatus status();

    /** What it left behind when it last ended. @throws IllegalStateException while it is under way */
    public abstract Effect effect();

    /** Why it failed last, naming device, path, operation, offset and cause; null after success. */
    public abstract @Nullable DeviceIoException failure();

    /** Whether, after its end, an attempt is still out that may touch its buffers. */
    public abstract boolean buffersInUse();
}
