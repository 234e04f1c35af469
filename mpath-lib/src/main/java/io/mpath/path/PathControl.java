package io.mpath.path;

import io.mpath.AccessState;
import io.mpath.ControlLoop;
import io.mpath.Liveness;
import io.mpath.Ticker;
import io.mpath.Timers;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * What a path reports to, given to it by {@link DevicePath#attach}. Reports are carried out on the control loop in the order
 * in which they are made: those of one thread in its order, and those of several threads, through whichever paths of a registry,
 * so that one which has returned comes before one that begins after it. Who learns states on several threads makes each report
 * under the lock that orders what it learnt.
 *
 * <p>A report is carried out before the failure of an attempt that the same thread reports later; so a path that learns its new
 * state from a failed request reports the state first.
 *
 * <p>Threading: every method may be called by any thread. After the path was removed, what it reports of itself is
 * ignored; what it reports of its port and of other paths counts.
 */
public interface PathControl {
    /** The path may be given I/O as far as it is concerned. Never before the path's states are known. */
    void ready();

    /**
     * The path is away, and must not be given I/O until it is {@link #ready} again; it is described anew before it is used then.
     * While only its access state has to be read anew, that is {@link AccessState#UNKNOWN} instead.
     */
    void notReady(String reason);

    /** The access state of this path. A path starts {@link AccessState#OPTIMIZED}. */
    void accessState(AccessState state);

    /** Whether the target prefers this path (ALUA PREF bit). */
    void preferred(boolean preferred);

    /** Many access states in one step, over paths of any devices: one change of an array, one change of each device. */
    void accessStates(Collection<AccessChange> changes);

    /**
     * The liveness of the path's port, for all paths through it. A port starts {@link Liveness#LIVE}. Paths whose port comes
     * back are described anew before they are used.
     */
    void liveness(Liveness liveness);

    /** The driver has given up hope for the port soon enough to matter: its paths no longer count as ones that may come back. */
    void fastFailExpired();

    /** Something about what the path leads to may have changed: it is described anew. Until then it is used as before. */
    void changed();

    /**
     * What the path leads to is another one now, for all that the device tells: it is described anew, and not used before it has
     * answered, and said the same.
     */
    void identityInDoubt();

    /** The path is gone; it is removed from its device. */
    void gone(String reason);

    /**
     * The target says that a change which it had acknowledged failed after that (SCSI: a deferred error): its data may be lost. Told
     * as an event, and no more: which change it was is not known. The path that says so fails the unit's next flush.
     *
     * @param cause the decoded cause
     */
    void acknowledgedWriteLost(String cause);

    /**
     * The device says, or the path saw by a conflict, that what is registered or reserved may not be what it was (SCSI: sense 06/2A/03,
     * 06/2A/04, 06/2A/05; NVMe: a reservation notification): it is read anew.
     */
    void reservationsMayHaveChanged();

    /** A queue that had refused a request has room. */
    void roomAgain();

    /**
     * Every attempt that failed with a fence epoch from 1 to {@code epoch} is given up by the target, and so is every later one
     * that fails with such a number: report it, then fail with a greater one. Counts after the path was removed, too.
     */
    void fenced(long epoch);

    /**
     * How long a write that this path loses is held, in nanoseconds, where the path is not {@link Fenceable}: what a setting of its
     * user's assumes of the target. Data of a lost write is to stay untouched for as long.
     */
    long holdNanos();

    /** Holds the whole device still; completes when no request is with any of its paths. */
    CompletableFuture<Void> quiesceDevice();

    /** Ends one {@link #quiesceDevice}. */
    CompletableFuture<Void> resumeDevice();

    /** Where reports are carried out; an adapter's own state machine may run there, if it never blocks. */
    ControlLoop loop();

    /** Delays on {@link #loop}. */
    Timers timers();

    /** Time. */
    Ticker ticker();

    /** Runs what may block. */
    Executor blocking();

    /** The access state of one path, among many. */
    record AccessChange(DevicePath path, AccessState state, boolean preferred) {
        /** Checks them. @throws NullPointerException when the path or the state is missing */
        public AccessChange {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(state, "access state");
        }
    }
}
