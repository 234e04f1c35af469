package io.mpath.nvme.command;

import com.google.common.collect.ImmutableSet;
import io.mpath.reservation.ReservationType;
import java.util.Set;

/**
 * RESCAP: what a namespace can do of reservations (NVM Command Set 1.1 4.1.5.1, NVMe Base 2.1 5.1.13.2.8).
 *
 * @param bits as on the wire, 8 of them
 */
public record Rescap(int bits) {
    /** Checks that the bits fit. @throws CommandFieldException when they are more than 8 */
    public Rescap {
        CommandFieldException.check("Identify Namespace", "RESCAP", bits, 0, 0xff);
    }

    /** Whether the namespace has reservations. */
    public boolean supported() {
        return bits != 0;
    }

    /** PTPL: whether registrations and reservation can be made to persist through a loss of power. */
    public boolean persistsThroughPowerLoss() {
        return (bits & 1) != 0;
    }

    /** The types that it has: those of bits 1 to 6. */
    public Set<ReservationType> types() {
        ImmutableSet.Builder<ReservationType> types = ImmutableSet.builder();
        for (ReservationType type : ReservationType.values()) {
            if ((bits & 1 << Rtype.code(type)) != 0) {
                types.add(type);
            }
        }
        return types.build();
    }

    /** Whether IEKEY means what it does since NVMe 1.3: of use to Reservation Register only, and refused elsewhere. */
    public boolean ignoresExistingKeyAsSince13() {
        return (bits & 1 << 7) != 0;
    }
}
