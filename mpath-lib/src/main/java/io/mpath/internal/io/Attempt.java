package io.mpath.internal.io;

import io.mpath.IoOperation;
import io.mpath.PassthroughCommand;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One try of a flight on one path, the same object for each of its tries, told apart by a generation.
 *
 * <p>Threading: who owns the flight is decided by one word, generation and stage. The submitter arms it and settles it after
 * {@code submit} returned; whoever ends the attempt, a thread of the path or the control loop that abandons it, wins the flight
 * by moving the word, once. Everything else here is written by the owner before it gives the flight away.
 */
public final class Attempt extends PathIo {
    /** How an attempt stands after {@code submit} returned. */
    public enum Settled {
        /** The path has it, or another thread ended it already: the submitter must not touch the flight any more. */
        TAKEN,
        /** It ended inside submit, on the submitting thread, which finishes it. */
        ENDED_INLINE,
        /** It is the submitter's again: the path did not take it. */
        RETURNED
    }

    private static final int OVER = 0;
    private static final int SUBMITTING = 1;
    private static final int WITH_PATH = 2;
    private static final int INLINE = 3;
    private static final int ABANDONED = 4;
    private static final int STAGE_BITS = 3;
    private static final long STAGE_MASK = (1 << STAGE_BITS) - 1;

    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Attempt.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Flight flight;

    @SuppressWarnings("unused") // through WORD
    private volatile long word;

    private @Nullable Thread submitter;
    private @Nullable PathFailure inlineFailure;
    private long skip;
    private ByteBuffer[] buffers;
    private int[] starts;
    private int[] lengths;
    private int count;

    Attempt(Flight flight) {
        this.flight = flight;
        this.buffers = flight.buffers;
        this.starts = flight.starts;
        this.lengths = flight.lengths;
    }

    /** Covers the whole flight again. */
    void reset() {
        skip = 0;
        buffers = flight.buffers;
        starts = flight.starts;
        lengths = flight.lengths;
        count = flight.bufferCount;
    }

    /** Leaves out {@code done} bytes at the start of what it covers, which are known to be done. */
    void resumeBehind(long done) {
        skip += done;
        Buffers.Window window = Buffers.behind(buffers, starts, lengths, count, done);
        buffers = window.buffers();
        starts = window.starts();
        lengths = window.lengths();
        count = window.count();
    }

    /** Begins another try; the submitter is the calling thread. Returns its tag. */
    public long arm() {
        submitter = Thread.currentThread();
        long tag = ((long) WORD.get(this) | STAGE_MASK) + 1;
        WORD.setRelease(this, tag | SUBMITTING);
        return tag;
    }

    /** After {@code submit} returned {@code taken}. */
    public Settled settle(long tag, boolean taken) {
        while (true) {
            long seen = (long) WORD.getAcquire(this);
            if (seen == (tag | INLINE)) {
                WORD.setRelease(this, tag | OVER);
                return Settled.ENDED_INLINE;
            }
            if (seen != (tag | SUBMITTING)) {
                return Settled.TAKEN;
            }
            if (WORD.compareAndSet(this, seen, tag | (taken ? WITH_PATH : OVER))) {
                return taken ? Settled.TAKEN : Settled.RETURNED;
            }
        }
    }

    /** How it failed inside submit, or null when it succeeded there. */
    public @Nullable PathFailure inlineFailure() {
        return inlineFailure;
    }

    /** Whether a path had it when {@code stamp} was read. */
    public static boolean withPath(long stamp) {
        return (stamp & STAGE_MASK) == WITH_PATH;
    }

    /** The tag of the attempt that was under way when {@code stamp} was read. */
    public static long tagOf(long stamp) {
        return stamp & ~STAGE_MASK;
    }

    /** The word as it is now, for {@link #abandon}. */
    public long stamp() {
        return (long) WORD.getAcquire(this);
    }

    /** Takes the flight from the path that had it when {@code stamp} was read; false when it has ended or moved on since. */
    public boolean abandon(long stamp) {
        return withPath(stamp) && WORD.compareAndSet(this, stamp, (stamp & ~STAGE_MASK) | ABANDONED);
    }

    @Override
    public void complete(long tag) {
        end(tag, null);
    }

    @Override
    public void fail(long tag, PathFailure failure) {
        end(tag, failure);
    }

    private void end(long tag, @Nullable PathFailure failure) {
        while (true) {
            long seen = (long) WORD.getAcquire(this);
            if (seen == (tag | WITH_PATH)) {
                if (WORD.compareAndSet(this, seen, tag | OVER)) {
                    report(failure);
                    return;
                }
            } else if (seen == (tag | SUBMITTING)) {
                boolean inline = submitter == Thread.currentThread();
                if (inline) {
                    inlineFailure = failure;
                }
                if (WORD.compareAndSet(this, seen, tag | (inline ? INLINE : OVER))) {
                    if (!inline) {
                        report(failure);
                    }
                    return;
                }
            } else if (seen == (tag | ABANDONED)) {
                if (WORD.compareAndSet(this, seen, tag | OVER)) {
                    flight.owner().endedLate(flight, failure);
                    return;
                }
            } else {
                flight.owner().stray(flight);
                return;
            }
        }
    }

    private void report(@Nullable PathFailure failure) {
        if (failure == null) {
            flight.owner().succeeded(flight, false);
        } else {
            flight.owner().failed(flight, failure, false);
        }
    }

    @Override
    public long tag() {
        return (long) WORD.getAcquire(this) & ~STAGE_MASK;
    }

    @Override
    public IoOperation operation() {
        return flight.operation();
    }

    @Override
    public long offset() {
        return flight.offset() + skip;
    }

    @Override
    public long length() {
        return flight.length() - skip;
    }

    @Override
    public boolean forceUnitAccess() {
        return flight.forceUnitAccess;
    }

    @Override
    public int bufferCount() {
        return count;
    }

    @Override
    public ByteBuffer buffer(int index) {
        return buffers[index];
    }

    @Override
    public int bufferOffset(int index) {
        return starts[index];
    }

    @Override
    public int bufferLength(int index) {
        return lengths[index];
    }

    @Override
    public @Nullable PassthroughCommand command() {
        return flight.command;
    }

    @Override
    public long timeoutNanos() {
        return flight.ioTimeoutNanos;
    }

    @Override
    public String toString() {
        return flight.toString();
    }
}
