package io.mpath.nvme.command;

import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import java.util.List;

/**
 * Reservation Acquire (NVMe Base 2.1 7.5). IEKEY is always clear, for since NVMe 1.3 a controller refuses it here.
 *
 * @param nsid the namespace
 * @param action RACQA
 * @param type RTYPE: what to reserve
 * @param current CRKEY: what the host is registered with
 * @param preempted PRKEY: whose registrations to remove; {@link ReservationKey#NONE} with {@link Action#ACQUIRE}, and otherwise for
 *     all others where all registrants hold the reservation
 */
public record ReservationAcquire(
        long nsid, Action action, ReservationType type, ReservationKey current, ReservationKey preempted)
        implements ReservationChange {
    /** What to do. */
    public enum Action {
        /** Reserves what nobody has reserved. */
        ACQUIRE(0),
        /** Removes registrations, and takes the reservation over from one of those. */
        PREEMPT(1),
        /** That, and the controller ends the commands of the hosts whose registrations it removed. */
        PREEMPT_AND_ABORT(2);

        private final int code;

        Action(int code) {
            this.code = code;
        }
    }

    /** Checks the namespace. @throws CommandFieldException when it cannot be one */
    public ReservationAcquire {
        BlockRange.checkNamespace("Reservation Acquire", nsid);
    }

    @Override
    public List<ReservationKey> keys() {
        return List.of(current, preempted);
    }

    @Override
    public String name() {
        return "Reservation Acquire";
    }

    @Override
    public int opcode() {
        return 0x11;
    }

    @Override
    public int cdw10() {
        return action.code | Rtype.code(type) << 8;
    }
}
