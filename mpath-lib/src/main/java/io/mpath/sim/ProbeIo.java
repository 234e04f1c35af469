package io.mpath.sim;

import io.mpath.IoOperation;
import io.mpath.PassthroughCommand;
import io.mpath.internal.io.DetachedAttempt;
import io.mpath.path.PathFailure;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An attempt that notices what its path does to it. Its buffers are of several kinds, none of which starts at zero. */
final class ProbeIo extends DetachedAttempt {
    private static final AtomicLong TAGS = new AtomicLong(1);
    private static final int LEAD = 7;
    private static final long TIMEOUT_NANOS = 30_000_000_000L;

    private final IoOperation operation;
    private final long offset;
    private final long length;
    private final byte[] data;
    private final ByteBuffer[] buffers;
    private final int[] lengths;
    private final long tag = TAGS.getAndIncrement();
    private final AtomicInteger ends = new AtomicInteger();
    private final AtomicInteger strangeTags = new AtomicInteger();
    private volatile @Nullable PathFailure failure;
    private volatile boolean endedOutsidePoll;
    private volatile boolean mayEnd = true;
    private boolean durable;

    /** @param pieces the lengths of the buffers; {@code data} is what they hold, one after the other */
    ProbeIo(IoOperation operation, long offset, long length, byte[] data, int... pieces) {
        this.operation = operation;
        this.offset = offset;
        this.length = length;
        this.data = data;
        this.lengths = pieces;
        this.buffers = new ByteBuffer[pieces.length];
        int at = 0;
        for (int i = 0; i < pieces.length; i++) {
            ByteBuffer buffer = i % 2 == 0
                    ? ByteBuffer.allocateDirect(LEAD + pieces[i] + 1)
                    : ByteBuffer.allocate(LEAD + pieces[i] + 1);
            buffer.put(LEAD, data, at, pieces[i]);
            buffer.position(LEAD).limit(LEAD + pieces[i]);
            boolean written = operation != IoOperation.READ;
            buffers[i] = written ? buffer.asReadOnlyBuffer() : buffer;
            at += pieces[i];
        }
    }

    ProbeIo durable() {
        durable = true;
        return this;
    }

    /** On a confined queue: the owner is, or is not, inside a call in which this may end. */
    void mayEnd(boolean value) {
        mayEnd = value;
    }

    boolean ended() {
        return ends.get() > 0;
    }

    @Nullable
    PathFailure failure() {
        return failure;
    }

    /** What the buffers hold, one after the other. */
    byte[] contents() {
        byte[] into = new byte[data.length];
        int at = 0;
        for (int i = 0; i < buffers.length; i++) {
            buffers[i].get(LEAD, into, at, lengths[i]);
            at += lengths[i];
        }
        return into;
    }

    /** Puts back what the buffers held at first: the caller uses them for something else. */
    void reuseBuffers() {
        int at = 0;
        for (int i = 0; i < buffers.length; i++) {
            buffers[i].put(LEAD, data, at, lengths[i]);
            at += lengths[i];
        }
    }

    /** What the path did that it may not, seen from the outside and when all is over. */
    List<String> misdeeds(boolean accepted) {
        PathFailure how = failure;
        return Stream.of(
                        found(accepted && ends.get() != 1, "ended " + ends + " times"),
                        found(!accepted && ends.get() != 0, "ended although it was refused"),
                        found(strangeTags.get() != 0, "ended with a tag that is not its own"),
                        found(endedOutsidePoll, "ended outside submit and poll of its confined queue"),
                        found(moved(), "the position or limit of a buffer was changed"),
                        found(surroundingsTouched(), "a buffer was changed outside its data"),
                        found(how != null && how.cause().isBlank(), "failed without a cause"))
                .flatMap(Optional::stream)
                .map(what -> this + " " + what)
                .toList();
    }

    private static Optional<String> found(boolean misdeed, String what) {
        return misdeed ? Optional.of(what) : Optional.empty();
    }

    private boolean moved() {
        for (int i = 0; i < buffers.length; i++) {
            if (buffers[i].position() != LEAD || buffers[i].limit() != LEAD + lengths[i]) {
                return true;
            }
        }
        return false;
    }

    private boolean surroundingsTouched() {
        for (int i = 0; i < buffers.length; i++) {
            ByteBuffer whole = buffers[i].duplicate().clear();
            for (int at = 0; at < LEAD; at++) {
                if (whole.get(at) != 0) {
                    return true;
                }
            }
            if (whole.get(LEAD + lengths[i]) != 0) {
                return true;
            }
        }
        return false;
    }

    private void end(long ofTag, @Nullable PathFailure how) {
        if (ofTag != tag) {
            strangeTags.incrementAndGet();
            return;
        }
        if (!mayEnd) {
            endedOutsidePoll = true;
        }
        failure = how;
        ends.incrementAndGet();
    }

    @Override
    public void complete(long ofTag) {
        end(ofTag, null);
    }

    @Override
    public void fail(long ofTag, PathFailure how) {
        end(ofTag, how);
    }

    @Override
    public long tag() {
        return tag;
    }

    @Override
    public IoOperation operation() {
        return operation;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public boolean forceUnitAccess() {
        return durable;
    }

    @Override
    public int bufferCount() {
        return buffers.length;
    }

    @Override
    public ByteBuffer buffer(int index) {
        return buffers[index];
    }

    @Override
    public int bufferOffset(int index) {
        return LEAD;
    }

    @Override
    public int bufferLength(int index) {
        return lengths[index];
    }

    @Override
    public @Nullable PassthroughCommand command() {
        return operation == IoOperation.PASSTHROUGH ? () -> "a command of no transport" : null;
    }

    @Override
    public long timeoutNanos() {
        return TIMEOUT_NANOS;
    }

    @Override
    public String toString() {
        return operation + " at " + offset + " of " + length + " bytes";
    }
}
