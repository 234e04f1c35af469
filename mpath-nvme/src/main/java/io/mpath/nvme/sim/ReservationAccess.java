package io.mpath.nvme.sim;

/**
 * What a reservation leaves to a host of a namespace (NVMe Base 2.1 8.1.24, figure "Command Behavior in the Presence of a
 * Reservation").
 */
enum ReservationAccess {
    /** Everything. */
    ALL,
    /** Commands that only read. */
    READ,
    /** Nothing but the commands of reservations. */
    NONE;

    /** The less of two. */
    ReservationAccess and(ReservationAccess other) {
        return ordinal() < other.ordinal() ? other : this;
    }

    /** Whether an I/O command may be executed. Flush is one that writes. */
    boolean allows(int opcode) {
        boolean reads = opcode == NvmCommandSet.READ || opcode == NvmCommandSet.COMPARE;
        return switch (this) {
            case ALL -> true;
            case READ -> reads || ReservationCommandSet.has(opcode);
            case NONE -> ReservationCommandSet.has(opcode);
        };
    }
}
