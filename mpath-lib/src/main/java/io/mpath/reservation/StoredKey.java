package io.mpath.reservation;

import java.util.Objects;

/**
 * What a {@link KeyFile} says of one device: what this host is registered as, or was about to be when it was written.
 *
 * @param registration what to {@linkplain Reservations#adopt take up}
 * @param former the key that {@code registration} was about to replace, and which the device has if that was not carried out; {@link
 *     ReservationKey#NONE}: there is none
 */
public record StoredKey(Registration registration, ReservationKey former) {
    /** Checks that nothing is null. */
    public StoredKey {
        Objects.requireNonNull(registration, "registration");
        Objects.requireNonNull(former, "former");
    }

    /** Whether the device may know this host by that key. */
    public boolean mayBe(ReservationKey key) {
        return registration.key().equals(key) || (!key.isNone() && former.equals(key));
    }
}
