package io.mpath.reservation;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a device says of its reservations, read in one piece, or pieces between which nobody registered.
 *
 * @param generation grows with every change of a registration, and wraps at 2^32 (SPC-6 PRGENERATION, NVMe GEN). Reserving and
 *     releasing leave it as it is
 * @param registrants everyone who is registered, in the device's order; one key may be there for several nexuses
 * @param reservation what is reserved, or empty
 * @param persistent whether registrations and reservation outlive a loss of power (SPC-6 PTPL_A, NVMe PTPLS)
 */
public record ReservationState(
        long generation, List<Registrant> registrants, Optional<Held> reservation, boolean persistent) {
    /** Copies the registrants. */
    public ReservationState {
        registrants = ImmutableList.copyOf(registrants);
        Objects.requireNonNull(reservation, "reservation");
    }

    /**
     * A reservation.
     *
     * @param holder the holder's key; {@link ReservationKey#NONE} where all registrants hold it
     */
    public record Held(ReservationType type, ReservationKey holder) {
        /** Checks that nothing is null. */
        public Held {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(holder, "holder");
        }
    }

    /** How many registrations have that key. */
    public int count(ReservationKey key) {
        int count = 0;
        for (Registrant registrant : registrants) {
            count += registrant.key().equals(key) ? 1 : 0;
        }
        return count;
    }

    /** Whether there is a reservation that who has that key holds, alone or with all registrants. */
    public boolean heldBy(ReservationKey key) {
        return reservation.isPresent()
                && (reservation.get().type().allRegistrantsHold()
                        ? count(key) > 0
                        : reservation.get().holder().equals(key));
    }
}
