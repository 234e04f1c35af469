package io.mpath.sim;

import io.mpath.IoOperation;
import io.mpath.MultipathDevice;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.Standing.Phase;
import java.util.HashSet;
import java.util.Set;

/** One unit that a run's host has registered with and reserved, and what its {@link Rival} has done about that. */
final class Claim {
    /** The host's. */
    static final ReservationKey KEY = new ReservationKey(0xa);

    private final Unit unit;
    private final MultipathDevice device;
    private final Set<String> everThere = new HashSet<>();
    private long preemptedNanos = Long.MAX_VALUE;
    private boolean typeChanged;
    private boolean over;

    Claim(Unit unit, MultipathDevice device) {
        this.unit = unit;
        this.device = device;
        for (Route route : unit.routes()) {
            if (unit.disk().reservations().key(route.path().nexus()).equals(KEY)) {
                everThere.add(route.name());
            }
        }
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

    /** The host is about to have another type: all registrations but that of one path are made anew, whichever that is. */
    void typeChanges() {
        typeChanged = true;
    }

    /** A path of its device was removed. */
    void left(String path) {
        everThere.remove(path);
        if (typeChanged) {
            everThere.clear();
        }
    }

    /**
     * Whether a path has been registered all the time. Only such a one can tell the host's own registrations from those of lost commands
     * that landed behind a preempt: a host that has none left may take itself for preempted.
     */
    private boolean witnessed() {
        return !everThere.isEmpty();
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
        return concerns(request) && keeps();
    }

    /** Whether the host must not lose its registration. */
    boolean keeps() {
        return !preempted() && witnessed();
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
        return over || (preempted() ? !registered && registrations() == 0 : registered || !witnessed());
    }

    @Override
    public String toString() {
        return unit.name() + ", " + (preempted() ? "preempted" : "not preempted") + ": "
                + device.reservations().standing() + ", " + registrations() + " registrations";
    }
}
