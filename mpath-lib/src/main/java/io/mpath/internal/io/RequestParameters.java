package io.mpath.internal.io;

import io.mpath.IoCallback;
import io.mpath.IoOperation;
import io.mpath.IoRequest;
import io.mpath.PassthroughCommand;
import io.mpath.internal.Durations;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for: the part of a request that its caller sets up.
 *
 * <p>Threading: written by the caller before it submits the request, and read by each of its owners until it is told its end.
 */
public abstract sealed class RequestParameters extends IoRequest permits Flight {
    private static final ByteBuffer[] NO_BUFFERS = {};
    private static final int[] NO_INTS = {};
    private static final String BUFFER = "buffer";

    ByteBuffer[] buffers = NO_BUFFERS;
    int[] starts = NO_INTS;
    int[] lengths = NO_INTS;
    int bufferCount;
    boolean forceUnitAccess;

    @Nullable
    PassthroughCommand command;

    private @Nullable IoOperation operation;
    private long offset;
    private long length;
    private long timeoutNanos;
    private boolean part;
    private @Nullable IoCallback callback;
    private @Nullable Object attachment;

    @Override
    public final IoRequest read(long at, ByteBuffer... into) {
        for (ByteBuffer buffer : into) {
            requireWritable(buffer);
        }
        return setUp(IoOperation.READ, at).scatter(into, into.length);
    }

    @Override
    public final IoRequest read(long at, ByteBuffer into) {
        requireWritable(into);
        return setUp(IoOperation.READ, at).one(into);
    }

    @Override
    public final IoRequest write(long at, ByteBuffer... from) {
        for (ByteBuffer buffer : from) {
            Objects.requireNonNull(buffer, BUFFER);
        }
        return setUp(IoOperation.WRITE, at).scatter(from, from.length);
    }

    @Override
    public final IoRequest write(long at, ByteBuffer from) {
        Objects.requireNonNull(from, BUFFER);
        return setUp(IoOperation.WRITE, at).one(from);
    }

    @Override
    public final IoRequest flush() {
        return setUp(IoOperation.FLUSH, 0);
    }

    @Override
    public final IoRequest discard(long at, long bytes) {
        return setUp(IoOperation.DISCARD, at).range(bytes);
    }

    @Override
    public final IoRequest writeZeroes(long at, long bytes) {
        return setUp(IoOperation.WRITE_ZEROES, at).range(bytes);
    }

    @Override
    public final IoRequest compareAndWrite(long at, ByteBuffer expected, ByteBuffer replacement) {
        Objects.requireNonNull(expected, "expected data");
        Objects.requireNonNull(replacement, "replacement");
        if (expected.remaining() != replacement.remaining()) {
            throw new IllegalArgumentException("compare-and-write: " + expected.remaining() + " bytes expected, "
                    + replacement.remaining() + " to replace them");
        }
        RequestParameters request =
                setUp(IoOperation.COMPARE_AND_WRITE, at).scatter(new ByteBuffer[] {expected, replacement}, 2);
        request.length = expected.remaining();
        return request;
    }

    @Override
    public final IoRequest passthrough(PassthroughCommand what) {
        Objects.requireNonNull(what, "command");
        RequestParameters request = setUp(IoOperation.PASSTHROUGH, 0);
        request.command = what;
        return request;
    }

    private RequestParameters setUp(IoOperation what, long at) {
        requireIdle();
        operation = what;
        offset = at;
        length = 0;
        bufferCount = 0;
        command = null;
        forceUnitAccess = false;
        timeoutNanos = 0;
        part = false;
        return this;
    }

    private static void requireWritable(ByteBuffer buffer) {
        if (Objects.requireNonNull(buffer, BUFFER).isReadOnly()) {
            throw new IllegalArgumentException("a read needs a buffer that can be written to");
        }
    }

    private RequestParameters one(ByteBuffer buffer) {
        reserve(1);
        add(buffer);
        return this;
    }

    private RequestParameters scatter(ByteBuffer[] list, int count) {
        reserve(count);
        for (int i = 0; i < count; i++) {
            add(list[i]);
        }
        return this;
    }

    private void reserve(int count) {
        if (buffers.length < count) {
            buffers = new ByteBuffer[count];
            starts = new int[count];
            lengths = new int[count];
        }
    }

    private void add(ByteBuffer buffer) {
        int bytes = buffer.remaining();
        buffers[bufferCount] = buffer;
        starts[bufferCount] = buffer.position();
        lengths[bufferCount] = bytes;
        bufferCount++;
        length += bytes;
    }

    private RequestParameters range(long bytes) {
        length = bytes;
        return this;
    }

    /** Makes this the {@code bytes} at {@code skip} of {@code whole}. */
    final void setUpPartOf(RequestParameters whole, long skip, long bytes) {
        setUp(whole.operation(), whole.offset + skip);
        length = bytes;
        forceUnitAccess = whole.forceUnitAccess;
        if (whole.bufferCount > 0) {
            Buffers.Window window =
                    Buffers.part(whole.buffers, whole.starts, whole.lengths, whole.bufferCount, skip, bytes);
            buffers = window.buffers();
            starts = window.starts();
            lengths = window.lengths();
            bufferCount = window.count();
        }
        part = true;
    }

    /** Whether it is a piece of another request. */
    public final boolean isPart() {
        return part;
    }

    /** Throws unless the caller may change it. */
    abstract void requireIdle();

    @Override
    public final IoRequest forceUnitAccess(boolean durable) {
        requireIdle();
        forceUnitAccess = durable;
        return this;
    }

    @Override
    public final IoRequest timeout(Duration timeout) {
        requireIdle();
        timeoutNanos = Durations.positiveNanos("request time-out", timeout);
        return this;
    }

    @Override
    public final IoRequest onComplete(@Nullable IoCallback listener) {
        requireIdle();
        callback = listener;
        return this;
    }

    @Override
    public final IoRequest attachment(@Nullable Object value) {
        attachment = value;
        return this;
    }

    @Override
    public final @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public final IoOperation operation() {
        if (operation == null) {
            throw new IllegalStateException("the request was not set up");
        }
        return operation;
    }

    @Override
    public final long offset() {
        return offset;
    }

    @Override
    public final long length() {
        return length;
    }

    /** How long it may take in nanoseconds, if it says so itself, else 0. */
    public final long timeoutNanos() {
        return timeoutNanos;
    }

    /** Who is told of its end. */
    final @Nullable IoCallback callback() {
        return callback;
    }

    /** Whether it changes a range of the device that is known: what else a passthrough does is not. */
    public final boolean changesRange() {
        return !operation().harmless() && operation() != IoOperation.PASSTHROUGH;
    }

    /**
     * Positions advance to the limits: only on success, and of the whole, for its pieces share the caller's buffers. A limit that
     * the caller has moved meanwhile must not throw here.
     */
    public final void advanceBuffers() {
        if (part) {
            return;
        }
        for (int i = 0; i < bufferCount; i++) {
            ByteBuffer buffer = buffers[i];
            buffer.position(Math.min(starts[i] + lengths[i], buffer.limit()));
        }
    }

    @Override
    public final String toString() {
        if (operation == null) {
            return "request not set up";
        }
        return switch (operation) {
            case FLUSH -> "flush";
            case PASSTHROUGH -> "passthrough " + (command == null ? "" : command.name());
            default -> operation + " of " + length + " bytes at " + offset;
        };
    }
}
