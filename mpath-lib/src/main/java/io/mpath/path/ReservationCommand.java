package io.mpath.path;

import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;

/** One command of reservations, to one path. */
public sealed interface ReservationCommand {
    /**
     * Registers the path's nexus, or host.
     *
     * @param existing what it is registered with; {@link ReservationKey#NONE}: nothing
     * @param wanted what to register it with; {@link ReservationKey#NONE}: nothing any more
     * @param ignoreExisting whatever it is registered with ({@code existing} does not count)
     * @param persistent whether registrations and reservation are to outlive a loss of power from here on
     */
    record Register(ReservationKey existing, ReservationKey wanted, boolean ignoreExisting, boolean persistent)
            implements ReservationCommand {}

    /** Reserves the logical unit. */
    record Reserve(ReservationKey key, ReservationType type) implements ReservationCommand {}

    /** Releases it. Done, and without effect, where the path's nexus is registered and does not hold it. */
    record Release(ReservationKey key, ReservationType type) implements ReservationCommand {}

    /** Removes registrations with the key {@code victim}, and with the holder's the reservation, for one of {@code type}. */
    record Preempt(ReservationKey key, ReservationKey victim, ReservationType type, boolean abort)
            implements ReservationCommand {}

    /** Removes the reservation and all registrations. */
    record Clear(ReservationKey key) implements ReservationCommand {}

    /** Reads all there is: answered by {@link ReservationReply.Status}. */
    record Read() implements ReservationCommand {}

    /** Reads what the device can: answered by {@link ReservationReply.Abilities}. */
    record ReadAbilities() implements ReservationCommand {}
}
