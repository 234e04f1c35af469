package io.mpath.internal.reservation;

import io.mpath.MultipathException;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import java.util.HashSet;
import java.util.Set;

/**
 * The keys of one host's nexuses: its own key, whose last 16 bits are zero, and in these a number from 1 on. So the keys of two
 * hosts' nexuses differ wherever the hosts' own keys do.
 */
record KeyBlock(ReservationKey host) {
    private static final int NUMBER_BITS = 16;
    private static final int LAST = (1 << NUMBER_BITS) - 1;

    /** Whether {@code key} can be the key of a host whose nexuses have keys of their own. */
    static boolean fits(ReservationKey key) {
        return (key.value() & LAST) == 0;
    }

    /** Whether {@code key} is one of a nexus of this host. */
    boolean has(ReservationKey key) {
        return (key.value() & LAST) != 0 && (key.value() & ~(long) LAST) == host.value();
    }

    /** Those of the host that {@code state} has. */
    Set<ReservationKey> in(ReservationState state) {
        Set<ReservationKey> keys = new HashSet<>();
        state.registrants().forEach(registrant -> {
            if (has(registrant.key())) {
                keys.add(registrant.key());
            }
        });
        return keys;
    }

    /**
     * The first key behind number {@code behind} that {@code state} does not have. One that was used lately comes last: a lost
     * command about it must not meet another nexus.
     *
     * @throws MultipathException when the device says that it has all of them
     */
    ReservationKey free(int behind, ReservationState state) {
        Set<ReservationKey> taken = in(state);
        for (int i = 0; i < LAST; i++) {
            ReservationKey key = new ReservationKey(host.value() | ((behind + i) % LAST + 1));
            if (!taken.contains(key)) {
                return key;
            }
        }
        throw new MultipathException("all " + LAST + " keys of host key " + host + " are registered");
    }

    /** The number in {@code key}. */
    static int number(ReservationKey key) {
        return (int) (key.value() & LAST);
    }

    /** How many numbers there are to begin behind, from 0 on. */
    static int beginnings() {
        return LAST;
    }
}
