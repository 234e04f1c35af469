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
 * <h2>A key for each path</h2>
 *
 * <p>With {@link io.mpath.DeviceSettings#keyPerPath}, which is off by default, every path is registered with a key of its own. The
 * caller gives one key, the host's, whose last 16 bits must be zero; in them a path's key has a number. So the keys of all hosts'
 * paths differ if the hosts' own do. Which path has which key is told by {@link #report}, {@link #standing} tells the host's; and
 * {@link #adopt} takes up all of them by the host's.
 *
 * <p>Then a path that failed and lost a write (nobody knows whether it will still land) can be <em>fenced</em>: its key is preempted by
 * PREEMPT AND ABORT through another path, and when that was answered GOOD, the device has ended what it had of the lost path, and
 * refuses what comes later with a reservation conflict. The write is sent again at once, instead of after its hold ({@link
 * io.mpath.DeviceSettings#hold}). The path is registered anew, and used, when every attempt that it had was handed back and can land no
 * more: its adapter reports that the nexus was re-established, or the hold is over. Whatever is in the way, nothing is fenced, and
 * the write is held. What it takes:
 *
 * <ul>
 *   <li>a device that knows every path by itself (SCSI); where hosts are known as a whole (NVMe), and where a target knows one by one
 *       key for all of its ports, {@link #register} is {@link ReservationOutcome.NotSupported} or leaves the other paths unused.
 *   <li>that this host <em>holds</em> a reservation for registrants only. The all-registrants types, which any host can release, and the
 *       exclusive ones are {@link ReservationOutcome.Refused}; nothing is fenced by what another host holds.
 *   <li>that the reservation stays until nothing that a fenced path lost can land: until then {@link #release}, {@link
 *       #unregister}, {@link #clear} and another type are refused. If it goes all the same, because another host clears it or the device
 *       loses its power and does not keep it, what was lost is held again. What was written over it and acknowledged between the two
 *       may then be undone: who cannot rule that out does not switch this on.
 *   <li>that nothing lost may change what is registered or reserved: while a command of this host whose answer was lost may still be
 *       carried out, or a registration of it is about to be ended, nothing is fenced.
 *   <li>that nobody else on this host registers its nexuses, and no earlier process of it left a registration on its way. An earlier
 *       process may have fenced a path. So where a path of this host holds a reservation when it is {@linkplain #adopt taken up}, a path
 *       that is not found registered stays out for one hold, and for as long as this process knows of something in doubt from before the
 *       device was opened; until then the reservation stays as above. Of a path that is not there by then nothing is known. {@link
 *       #registerIgnoring} over such a reservation is refused for one hold from when it was first asked for, or anew from when what is
 *       registered or reserved has changed.
 *   <li>that no process registers this host with another key, or with one for all paths, within one hold of the end of one that had a
 *       key for each: it would register a path that is fenced, and what that lost could land. This process refuses it, for as long as
 *       it knows of something in doubt, with a key for each path; of other processes nothing is known.
 *   <li>that other hosts let all of this host's keys be or preempt all of them. When one is missing, no path of this host is given I/O any
 *       more, until it is registered anew, or unregistered. An agent that fences a host by its one key does not fence this one.
 *       A key that another host removes while a preemption of the same key by this one is in doubt is taken for removed by this one.
 * </ul>
 *
 * <p>The host's key is not changed in place, and {@link #preempt} takes one key at a time, of another host's path or left by one of
 * this host's that is gone.
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
