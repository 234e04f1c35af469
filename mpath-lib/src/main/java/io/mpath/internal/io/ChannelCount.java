package io.mpath.internal.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A channel's requests in flight through one port.
 *
 * <p>Threading: {@code held} is written by the channel's owner alone, with plain arithmetic: it goes up when a request is sent
 * and down when the owner polls its end. What leaves the hot path is taken off by whoever takes it there, in {@code elsewhere},
 * which is not written otherwise. Each request is taken off once, so the difference is zero after any history, whatever the two
 * words have grown to. Others read both without order: one that sees only the second change of a request reads one too few, for a
 * moment.
 */
public final class ChannelCount {
    private static final VarHandle HELD;
    private static final VarHandle ELSEWHERE;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(ChannelCount.class, "held", int.class);
            ELSEWHERE = MethodHandles.lookup().findVarHandle(ChannelCount.class, "elsewhere", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // The counts of two channels must not share a line: their owners write them for every request.
    @SuppressWarnings("unused")
    private long p00, p01, p02, p03, p04, p05, p06, p07;

    private int held;

    @SuppressWarnings("unused") // through ELSEWHERE
    private volatile int elsewhere;

    @SuppressWarnings("unused")
    private long p10, p11, p12, p13, p14, p15, p16, p17;

    /** One more; by the owner. */
    public void enter() {
        HELD.setOpaque(this, held + 1);
    }

    /** One less; by the owner. */
    public void leave() {
        HELD.setOpaque(this, held - 1);
    }

    /** One less; by any thread. */
    public void leaveElsewhere() {
        ELSEWHERE.getAndAdd(this, 1);
    }

    /** How many, a moment ago. */
    public int inFlight() {
        return Math.max(0, (int) HELD.getOpaque(this) - (int) ELSEWHERE.getOpaque(this));
    }
}
