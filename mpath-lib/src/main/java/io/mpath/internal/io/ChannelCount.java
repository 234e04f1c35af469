package io.mpath.internal.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A channel's requests in flight through one port, and the bytes that they carry, as {@link PortRecord} counts both in one word.
 *
 * <p>Threading: {@code held} is written by the channel's owner alone, with plain arithmetic: it goes up when a request is sent
 * and down when the owner polls its end. What leaves the hot path is taken off by whoever takes it there, in {@code elsewhere},
 * which is not written otherwise. Each request is taken off once, so the difference is zero after any history, whatever the two
 * words have grown to. Others read both without order: one that sees only the second change of a request reads one too few, or
 * other bytes, for a moment.
 */
public final class ChannelCount {
    private static final VarHandle HELD;
    private static final VarHandle ELSEWHERE;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(ChannelCount.class, "held", long.class);
            ELSEWHERE = MethodHandles.lookup().findVarHandle(ChannelCount.class, "elsewhere", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // The counts of two channels must not share a line: their owners write them for every request.
    @SuppressWarnings("unused")
    private long p00, p01, p02, p03, p04, p05, p06, p07;

    private long held;

    @SuppressWarnings("unused") // through ELSEWHERE
    private volatile long elsewhere;

    @SuppressWarnings("unused")
    private long p10, p11, p12, p13, p14, p15, p16, p17;

    /** One more, of that weight; by the owner. */
    public void enter(long weight) {
        HELD.setOpaque(this, held + weight);
    }

    /** One less, of that weight; by the owner. */
    public void leave(long weight) {
        HELD.setOpaque(this, held - weight);
    }

    /** One less, of that weight; by any thread. */
    public void leaveElsewhere(long weight) {
        ELSEWHERE.getAndAdd(this, weight);
    }

    /** How many, a moment ago. */
    public int inFlight() {
        return PortRecord.count(word());
    }

    /** How many bytes they carry, a moment ago. */
    public long bytesInFlight() {
        return PortRecord.bytes(word());
    }

    private long word() {
        return Math.max(0, (long) HELD.getOpaque(this) - (long) ELSEWHERE.getOpaque(this));
    }
}
