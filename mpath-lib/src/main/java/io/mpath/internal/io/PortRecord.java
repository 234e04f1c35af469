package io.mpath.internal.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Requests in flight through one port, over all devices.
 *
 * <p>Threading: added to by submitters, taken from by whoever ends an attempt, read by selectors; one word on cache lines of
 * its own. Each flight remembers where it was counted, so the sum is zero after any history.
 */
public class PortRecord {
    private static final VarHandle IN_FLIGHT;

    static {
        try {
            IN_FLIGHT = MethodHandles.lookup().findVarHandle(PortRecord.class, "inFlight", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // A contended counter must not share its line with what others read: one line of padding on each side.
    @SuppressWarnings("unused")
    private long p00, p01, p02, p03, p04, p05, p06, p07;

    @SuppressWarnings("unused") // through IN_FLIGHT
    private volatile int inFlight;

    @SuppressWarnings("unused")
    private long p10, p11, p12, p13, p14, p15, p16, p17;

    /** One more. */
    public final void enter() {
        IN_FLIGHT.getAndAdd(this, 1);
    }

    /** One less. */
    public final void leave() {
        int before = (int) IN_FLIGHT.getAndAdd(this, -1);
        assert before > 0 : "one request less in flight than none";
    }

    /** How many, a moment ago. */
    public final int inFlight() {
        return (int) IN_FLIGHT.getOpaque(this);
    }
}
