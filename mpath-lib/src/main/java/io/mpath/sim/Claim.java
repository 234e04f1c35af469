package io.mpath.sim;

import io.mpath.IoOperation;
import io.mpath.MultipathDevice;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.Standing.Phase;

/** One unit that a run's host has registered with and reserved, and what its {@link Rival} has done about that. */
final class Claim {
    /** The host's. */
    static final ReservationKey KEY = new ReservationKey(0xa);

    private final Unit unit;
    private final MultipathDevice device;
    private long preemptedNanos = Long.MAX_VALUE;
    private boolean over;

    Claim(Unit unit, MultipathDevice device) {
        this.unit = unit;
        this.device = device;
    }

    Unit unit() {
        return unit;
    }

    /** The device by which the host registered: another one of the unit knows nothing of it. */
    MultipathDevice device() {
        return device;
    }

    boolean preempted() {
        return preemptedNanos < Long.MAX_VALUE;
    }

    void preempted(long now) {
        preemptedNanos = now;
    }

    /** Its device has ended: whatever becomes of the unit, this host has nothing to do with it any more. */
    void end() {
        over = true;
    }

    boolean over() {
        return over;
    }

    /** Whether {@code request} is none that the disk may carry out. */
    boolean keepsOut(ClientRequest request) {
        return concerns(request) && request.beganNanos > preemptedNanos && changes(request.operation);
    }

    /** Whether {@code request} is none that the disk may refuse. */
    boolean letsIn(ClientRequest request) {
        return concerns(request) && !preempted();
    }

    private boolean concerns(ClientRequest request) {
        return !over && request.device == device;
    }

    private static boolean changes(IoOperation operation) {
        return switch (operation) {
            case WRITE, WRITE_ZEROES, DISCARD, COMPARE_AND_WRITE -> true;
            case READ, FLUSH, PASSTHROUGH -> false;
        };
    }

    /** How many registrations the disk has of the host. */
    int registrations() {
        return unit.disk().reservations().state().count(KEY);
    }

    /** Whether all registrants hold what is reserved: only a preempt of no key in particular takes it from them. */
    boolean heldByAll() {
        return unit.disk()
                .reservations()
                .state()
                .reservation()
                .filter(held -> held.type().allRegistrantsHold())
                .isPresent();
    }

    /** Whether the host knows where it stands, and nothing of it is left where it does not belong. */
    boolean settled() {
        boolean registered = device.reservations().standing().phase() == Phase.REGISTERED;
        return over || (preempted() ? !registered && registrations() == 0 : registered);
    }

    @Override
    public String toString() {
        return unit.name() + ", " + (preempted() ? "preempted" : "not preempted") + ": "
                + device.reservations().standing() + ", " + registrations() + " registrations";
    }
}
