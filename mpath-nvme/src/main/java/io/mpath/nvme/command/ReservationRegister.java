package io.mpath.nvme.command;

import io.mpath.reservation.ReservationKey;
import java.util.List;

/**
 * Reservation Register (NVMe Base 2.1 7.6): registers the host, whichever of its controllers it goes through.
 *
 * @param nsid the namespace
 * @param action RREGA
 * @param ignoreExistingKey IEKEY: whatever the host is registered with, {@code current} does not count
 * @param persistence CPTPL
 * @param current CRKEY: what the host is registered with
 * @param wanted NRKEY: what it is to be registered with
 */
public record ReservationRegister(
        long nsid,
        Action action,
        boolean ignoreExistingKey,
        Persistence persistence,
        ReservationKey current,
        ReservationKey wanted)
        implements ReservationChange {
    /** What to do. */
    public enum Action {
        /** Registers a host that is not registered, or is with the same key. */
        REGISTER(0),
        /** Ends the registration. */
        UNREGISTER(1),
        /** Gives a registered host another key; with IEKEY any host. */
        REPLACE(2);

        private final int code;

        Action(int code) {
            this.code = code;
        }
    }

    /** What becomes of registrations and reservation at a loss of power, of all hosts. */
    public enum Persistence {
        /** As it was. */
        NO_CHANGE(0),
        /** They are released and cleared. */
        CLEAR(2),
        /** They persist. */
        SET(3);

        private final int code;

        Persistence(int code) {
            this.code = code;
        }
    }

    /** Checks the namespace. @throws CommandFieldException when it cannot be one */
    public ReservationRegister {
        BlockRange.checkNamespace("Reservation Register", nsid);
    }

    @Override
    public List<ReservationKey> keys() {
        return List.of(current, wanted);
    }

    @Override
    public String name() {
        return "Reservation Register";
    }

    @Override
    public int opcode() {
        return 0x0d;
    }

    @Override
    public int cdw10() {
        return action.code | (ignoreExistingKey ? 1 << 3 : 0) | persistence.code << 30;
    }
}
