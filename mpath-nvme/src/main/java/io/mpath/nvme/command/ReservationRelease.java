package io.mpath.nvme.command;

import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import java.util.List;
import java.util.Optional;

/**
 * Reservation Release (NVMe Base 2.1 7.7). IEKEY is always clear, for since NVMe 1.3 a controller refuses it here.
 *
 * @param nsid the namespace
 * @param type RTYPE: what the host has reserved and releases; empty: it clears (RRELA 1) the reservation and all registrations
 * @param current CRKEY: what the host is registered with
 */
public record ReservationRelease(long nsid, Optional<ReservationType> type, ReservationKey current)
        implements ReservationChange {
    private static final int CLEAR = 1;

    /** Checks the namespace. @throws CommandFieldException when it cannot be one */
    public ReservationRelease {
        BlockRange.checkNamespace("Reservation Release", nsid);
    }

    /** Releases what the host has reserved; without effect where it does not hold the reservation. */
    public static ReservationRelease release(long nsid, ReservationType type, ReservationKey current) {
        return new ReservationRelease(nsid, Optional.of(type), current);
    }

    /** Removes the reservation and all registrations, of all hosts. */
    public static ReservationRelease clear(long nsid, ReservationKey current) {
        return new ReservationRelease(nsid, Optional.empty(), current);
    }

    @Override
    public List<ReservationKey> keys() {
        return List.of(current);
    }

    @Override
    public String name() {
        return "Reservation Release";
    }

    @Override
    public int opcode() {
        return 0x15;
    }

    @Override
    public int cdw10() {
        return type.map(Rtype::code).map(code -> code << 8).orElse(CLEAR);
    }
}
