package io.mpath.scsi.sim;

/**
 * Which commands a reservation keeps a nexus from: the tables "commands that are allowed in the presence of various
 * reservations" of SPC-6 5.14.1 and SBC-5 4.17. What PERSISTENT RESERVE OUT may do is its own affair.
 */
final class ReservationGate {
    private ReservationGate() {}

    static boolean conflicts(SimCommand command, SimReservations reservations, SimNexus from) {
        if (reservations.currentType() == SimReservations.NO_TYPE || reservations.hasAccess(from.named())) {
            return false;
        }
        return switch (command.opcode()) {
            case SimCommand.READ_10, SimCommand.READ_16 -> !reservations.allowsReads();
            case SimCommand.WRITE_10,
                    SimCommand.WRITE_16,
                    SimCommand.WRITE_SAME_16,
                    SimCommand.COMPARE_AND_WRITE,
                    SimCommand.UNMAP,
                    SimCommand.SYNCHRONIZE_CACHE_10,
                    SimCommand.SYNCHRONIZE_CACHE_16 -> true;
            case SimCommand.MAINTENANCE_OUT -> command.setsTargetPortGroups();
            default -> false;
        };
    }
}
