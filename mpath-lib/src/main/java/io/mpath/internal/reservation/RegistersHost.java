package io.mpath.internal.reservation;

import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationOutcome;
import java.util.concurrent.CompletableFuture;

/** Registers this host with one device, and ends that, as {@link io.mpath.reservation.Reservations} says. On the control loop. */
interface RegistersHost {
    /** Registers it; {@code ignoring} what it was registered as before. */
    CompletableFuture<ReservationOutcome> register(Registration wanted, boolean ignoring);

    /** Takes up what an earlier process registered. */
    CompletableFuture<ReservationOutcome> adopt(Registration existing);

    /** Ends the registration. */
    CompletableFuture<ReservationOutcome> unregister();
}
