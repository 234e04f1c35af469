package io.mpath.internal.reservation;

import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationState.Held;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier process of this host, or an earlier opening of the device by this one, may have fenced: which nexuses is not known,
 * so none that is not found registered is, until nothing can land any more of what was lost then. Used on the control loop only.
 */
final class Heritage {
    private final ReservedDevice device;
    private boolean taken;
    private long takenAt;
    private @Nullable ReservationState asked;
    private long askedAt;

    Heritage(ReservedDevice device) {
        this.device = device;
    }

    /** Registrations of an earlier process are taken up. */
    void take() {
        taken = true;
        takenAt = now();
    }

    /** Nothing of an earlier process is of interest any more. */
    void end() {
        taken = false;
        asked = null;
    }

    /** It may be one that was fenced. */
    void passTo(Nexus nexus) {
        if (taken && nexus.key() == null) {
            nexus.inherit(takenAt + device.earlierNanos(nexus.member()));
        }
    }

    /** Whether it may be fenced, and had what can still land. */
    boolean keepsOut(Nexus nexus) {
        return nexus.inherits(now(), device::inheritsDoubts);
    }

    /** Whether what is reserved may be what fences a nexus for an earlier opening of the device by this process. */
    boolean fencesBy(ReservationState state) {
        return device.inheritsDoubts()
                && state.reservation()
                        .map(Held::type)
                        .filter(NexusLedger::fencesBy)
                        .isPresent();
    }

    /**
     * How long until nothing that was lost earlier on {@code nexuses} can land, in nanoseconds, from when this was first asked of what
     * {@code state} says is reserved: who might have lost something had ended by then. Anew where somebody has changed that since.
     */
    long nanosLeft(ReservationState state, List<Nexus> nexuses) {
        if (asked == null
                || asked.generation() != state.generation()
                || !asked.reservation().equals(state.reservation())) {
            asked = state;
            askedAt = now();
        }
        long longest = device.inheritsDoubts() ? 1 : 0;
        for (Nexus nexus : nexuses) {
            longest = Math.max(longest, askedAt + device.earlierNanos(nexus.member()) - now());
        }
        return longest;
    }

    private long now() {
        return device.environment().ticker().nanos();
    }
}
