package io.mpath.internal.device;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The time at the last tick of the control loop: reading the real clock for every request would cost more than all the rest.
 *
 * <p>Threading: written by the control loop, read by any thread. A reader may be one tick behind, which the deadlines made from
 * it allow for, and further when the loop is late; a request's own time-out is therefore not measured by it.
 */
final class CoarseClock {
    private static final VarHandle NANOS;

    static {
        try {
            NANOS = MethodHandles.lookup().findVarHandle(CoarseClock.class, "nanos", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // through NANOS
    private long nanos;

    /** Starts at {@code now}. */
    CoarseClock(long now) {
        set(now);
    }

    /** The loop's tick. */
    void set(long now) {
        NANOS.setOpaque(this, now);
    }

    long nanos() {
        return (long) NANOS.getOpaque(this);
    }

    /** {@code delay} after {@code start}; {@link Long#MAX_VALUE}, which is never, when that cannot be told apart from it. */
    static long after(long start, long delay) {
        long sum = start + delay;
        return delay >= Long.MAX_VALUE / 2 ? Long.MAX_VALUE : sum;
    }

    /** Whether {@code deadline} is not later than {@code now}. */
    static boolean passed(long deadline, long now) {
        return deadline != Long.MAX_VALUE && now - deadline >= 0;
    }
}
