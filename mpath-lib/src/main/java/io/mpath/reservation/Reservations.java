package io.mpath.reservation;

import java.util.concurrent.CompletableFuture;

/**
 * The persistent reservations of one device, over all of its paths (SPC-6 5.14, NVMe Base 2.1 8.1.24).
 *
 * <p>Over SCSI a device knows every I_T nexus by itself. Whoever registers here has every usable path registered; one that is
 * down, or comes later, is registered before it is used, unless another host has removed the registration meanwhile: then it
 * stays unregistered, and so does everything else. Over NVMe the host is registered once, through whichever path.
 *
 * <p>What is registered and reserved is kept by the device, not here: a process that ends leaves it as it is, and one that starts
 * {@linkplain #adopt takes it up} again by its key. What this object knows of it is compared with the device when a path returns,
 * when I/O meets a conflict, when the device says that something changed, and every half minute while something is registered.
 *
 * <p>Nothing whose answer was lost is sent a second time: what is true is read from the device, and where that does not tell, the
 * outcome is {@link ReservationOutcome.Unknown}. Operations of one device are carried out one after the other, in the order in
 * which they were asked for. What releases or changes a reservation whose holder's path is gone holds I/O still meanwhile ({@link
 * io.mpath.MultipathDevice#quiesce}), for it takes the other paths' registrations away for a moment.
 *
 * <p>Threading: every method may be called by any thread. Futures complete on the environment's completion threads.
 */
public interface Reservations {
    /** What this host is registered as and has reserved. */
    Standing standing();

    /** Reads what the device says. @throws MultipathException (through the future) when no path can read it, or it makes no sense */
    CompletableFuture<ReservationState> report();

    /** Reads what the device can. @throws MultipathException (through the future) when no path can read it, or it makes no sense */
    CompletableFuture<ReservationCapabilities> capabilities();

    /**
     * Registers this host; or gives it another key, where it is registered. A conflict where a path is registered with a key that
     * this object does not know: {@link #adopt} that, or {@link #registerIgnoring} it.
     */
    CompletableFuture<ReservationOutcome> register(Registration wanted);

    /** Registers this host whatever it was registered as before (SPC-6 REGISTER AND IGNORE EXISTING KEY, NVMe IEKEY). */
    CompletableFuture<ReservationOutcome> registerIgnoring(Registration wanted);

    /**
     * Takes up the registration that this host has at the device, from an earlier process: after it, this object stands where that
     * one stood. Paths that are not registered yet are, as if they had just come. A conflict where no path of this host is
     * registered with that key.
     */
    CompletableFuture<ReservationOutcome> adopt(Registration existing);

    /** Ends this host's registration, of paths that are down too, and with it what it reserved. */
    CompletableFuture<ReservationOutcome> unregister();

    /**
     * Reserves the device, or changes the type of what this host has reserved. A conflict where another host has it. The host must be
     * registered.
     */
    CompletableFuture<ReservationOutcome> reserve(ReservationType type);

    /** Releases what this host has reserved, also if the path that holds it is gone. The registration stays. */
    CompletableFuture<ReservationOutcome> release();

    /**
     * Removes every registration with that key, and takes the reservation over with that type if its host held it. The host must be
     * registered. What the victim has under way may still land: see {@link #preemptAndAbort}.
     *
     * @param victim the other host's key; {@link ReservationKey#NONE}: all other registrants', where these hold the reservation
     */
    CompletableFuture<ReservationOutcome> preempt(ReservationKey victim, ReservationType type);

    /** {@link #preempt}, and the device ends what the victim has under way: nothing of that lands after this is done. */
    CompletableFuture<ReservationOutcome> preemptAndAbort(ReservationKey victim, ReservationType type);

    /** Removes the reservation and every registration, of all hosts, this one's too. The host must be registered. */
    CompletableFuture<ReservationOutcome> clear();
}
