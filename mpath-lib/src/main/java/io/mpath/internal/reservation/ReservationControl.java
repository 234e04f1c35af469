package io.mpath.internal.reservation;

import io.mpath.path.DevicePath;
import io.mpath.reservation.Reservations;

/**
 * Who keeps the reservations of one device, as its control side sees them.
 *
 * <p>Threading: {@link Reservations}' methods by any thread, the others on the control loop only.
 */
public interface ReservationControl extends Reservations {
    /** A path has come. */
    void joined(Member member);

    /** A path has left. */
    void left(Member member);

    /** Paths may be there that were not, or not there that were. Before a table is made. */
    void pathsChanged();

    /** A request met a conflict through that path. */
    void conflictMet(Member member);

    /** Whether {@code path}, which has left, meets conflicts because this host has removed its registration. */
    boolean keepsOut(DevicePath path);

    /** What is registered or reserved may not be what it was. */
    void mayHaveChanged();

    /** {@code path}, which may have left meanwhile, failed and lost a change, which is held. */
    void writeLost(DevicePath path);

    /** What a path lost can take effect no more. */
    void fenced();

    /** The device has ended. */
    void end();
}
