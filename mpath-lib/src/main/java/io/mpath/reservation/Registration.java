package io.mpath.reservation;

import java.util.Objects;

/**
 * What a host wants to be registered as.
 *
 * @param key its key, its alone among all hosts; not {@link ReservationKey#NONE}
 * @param persistent whether registrations and reservation are to outlive a loss of the device's power (SPC-6 APTPL, NVMe CPTPL). It is
 *     one setting of the device: who registered last decides for all
 */
public record Registration(ReservationKey key, boolean persistent) {
    /** Checks the key. @throws IllegalArgumentException when it is none */
    public Registration {
        Objects.requireNonNull(key, "key");
        if (key.isNone()) {
            throw new IllegalArgumentException("nobody can be registered with key 0x0: unregister instead");
        }
    }

    /** A registration that a loss of the device's power ends. */
    public Registration(ReservationKey key) {
        this(key, false);
    }
}
