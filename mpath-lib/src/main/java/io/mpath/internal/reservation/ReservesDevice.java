package io.mpath.internal.reservation;

import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationType;
import java.util.concurrent.CompletableFuture;

/** Reserves one device for this host, as {@link io.mpath.reservation.Reservations} says. On the control loop. */
interface ReservesDevice {
    /** Reserves it, or changes the type. */
    CompletableFuture<ReservationOutcome> reserve(ReservationType type);

    /** Releases it. */
    CompletableFuture<ReservationOutcome> release();

    /** Removes another registration; where {@code abort}, the device ends what that host has under way. */
    CompletableFuture<ReservationOutcome> preempt(ReservationKey victim, ReservationType type, boolean abort);

    /** Removes everything. */
    CompletableFuture<ReservationOutcome> clear();
}
