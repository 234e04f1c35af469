package io.mpath.internal.reservation;

import io.mpath.reservation.ReservationState;
import org.jspecify.annotations.Nullable;

/**
 * How soon the device may be looked at again. A reservation of another host that leaves registrants no access refuses every request,
 * and every refusal asks for a look, which reads keys and reservation: without a pause a loaded host would read for as long as it is
 * kept out. So a look that showed nothing new is followed by the next after a second. What a look may show meanwhile can wait that
 * long: the device itself keeps out whom another host has preempted.
 *
 * <p>Used on the control loop only.
 */
final class LookPace {
    static final long PAUSE_NANOS = 1_000_000_000L;

    private @Nullable ReservationState seen;
    private boolean nothingNew;
    private long lastAt;

    /** A look showed {@code state}. */
    void saw(ReservationState state, long now) {
        nothingNew = state.equals(seen);
        seen = state;
        lastAt = now;
    }

    /** A look came to nothing: no path could read. */
    void sawNothing(long now) {
        nothingNew = true;
        lastAt = now;
    }

    /** How long the next look is to wait, in nanoseconds. */
    long pauseNanos(long now) {
        return nothingNew ? Math.max(lastAt + PAUSE_NANOS - now, 0) : 0;
    }
}
