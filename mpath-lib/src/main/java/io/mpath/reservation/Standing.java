package io.mpath.reservation;

import java.util.Optional;

/**
 * Where this host stands with a device, as far as it knows.
 *
 * @param phase what it is
 * @param registration what it is registered as, or was before it lost that; empty while it never was
 * @param reserved the type that it reserved and has not released, or empty
 * @param reason why the registration was lost, or empty
 */
public record Standing(
        Phase phase, Optional<Registration> registration, Optional<ReservationType> reserved, String reason) {
    /** What a host is to a device's reservations. */
    public enum Phase {
        /** Not registered, by its own doing. */
        UNREGISTERED,
        /** Registered, and every path that is used is. */
        REGISTERED,
        /**
         * Another host removed its registration, or the device lost it. It is not registered again but by {@link
         * Reservations#register}; until then no path is.
         */
        LOST
    }
}
