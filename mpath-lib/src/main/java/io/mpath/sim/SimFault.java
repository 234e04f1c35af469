package io.mpath.sim;

import java.util.Locale;

/** What a {@link Simulation} can do to the library. */
public enum SimFault {
    /** The device is busy: to be sent again after a pause, nothing was done. */
    RETRY_REFUSED(true),
    /** To be sent again after a pause, and so is all that comes for a while: nothing is done. */
    STAYS_BUSY(true),
    /** To be sent again after a pause; the device answered, and may have done it. */
    RETRY_TERMINATED(true),
    /** To be sent again after a pause; nobody knows what became of it. */
    RETRY_LOST(true),
    /** The path failed before it sent anything. */
    FAIL_OVER_REFUSED(true),
    /** The path failed; the device answered, and may have done it. */
    FAIL_OVER_TERMINATED(true),
    /** The path failed, and nobody knows what became of the attempt. */
    FAIL_OVER_LOST(true),
    /** The target refused it on any path. */
    FAIL_REFUSED(true),
    /** The target failed it on any path, and may have done it. */
    FAIL_TERMINATED(true),
    /** The target failed it on any path, and nobody knows what became of it. */
    FAIL_LOST(true),
    /** What was lost takes effect some time after its loss was reported. */
    LATE_LANDING(true),
    /** The path failed with a part of it done. */
    PARTLY_DONE(true),
    /** It is not ended for a long time. */
    HANG(true),
    /** Its end is reported twice. */
    ENDED_TWICE(true),
    /** It fails, and its failure is reported again a while later. */
    ENDED_AGAIN(true),
    /** It ends on the control loop. */
    ENDED_ON_THE_LOOP(true),
    /** It ends before {@code submit} returns. */
    ENDED_IN_SUBMIT(true),
    /** There is no room for it, although there was. */
    NO_ROOM(true),
    /** {@code submit} throws. */
    THROWS(true),

    /** A port is lost and comes back. */
    PORT_LOST(false),
    /** A port is reset. */
    PORT_RESET(false),
    /** A port dies, and is found anew. */
    PORT_DEAD(false),
    /** Some ports are lost one by one, and come back in another order. */
    PARTITION(false),
    /** All ports are lost. */
    TOTAL_LOSS(false),
    /** The driver of a lost port gives up hope. */
    FAST_FAIL(false),
    /** A path vanishes, and is found anew. */
    PATH_VANISHES(false),
    /** A path comes back as one to another logical unit. */
    OTHER_UNIT(false),
    /** A path says that the device has another size. */
    OTHER_SIZE(false),
    /** The device has another size. */
    RESIZED(false),
    /** Access states move, as one change of the array. */
    ACCESS_MOVES(false),
    /** An access state that was true some time ago is reported after the present one. */
    ACCESS_STALE(false),
    /** An access state cannot be read. */
    ACCESS_UNKNOWN(false),
    /** A path is not ready for a while. */
    NOT_READY(false),
    /** A path cannot be described for a while. */
    NOT_DESCRIBED(false),
    /** Checks of a path say the opposite of what is so, or say that it works whatever becomes of its requests. */
    CHECK_LIES(false),
    /** Checks of a path do not end for a long time. */
    CHECK_HANGS(false),
    /** A path reports that everything lost so far is given up. */
    FENCED(false),

    /** A device is held still for a while. */
    QUIESCED(false),
    /** The completion executor rejects what it is given. */
    EXECUTOR_REJECTS(false),
    /** The control loop does not get its messages for a while. */
    LOOP_STALLS(false),
    /** The completion or the blocking executor stands still for a while. */
    EXECUTOR_STALLS(false),
    /** The policy of a device is changed. */
    POLICY_CHANGED(false),
    /** What a device does without a path is changed. */
    NO_PATH_CHANGED(false),
    /** The removal delay of a device is changed. */
    REMOVAL_CHANGED(false),
    /** A path is preferred, or no longer. */
    PATH_PREFERRED(false),
    /** A path is removed on request, and offered anew. */
    PATH_REMOVED(false),
    /** A device is closed, and its paths are offered anew. */
    DEVICE_CLOSED(false),
    /** The registry is closed in the middle of all. */
    REGISTRY_CLOSED(false);

    private final boolean ofAttempts;

    SimFault(boolean ofAttempts) {
        this.ofAttempts = ofAttempts;
    }

    /** Whether it befalls one attempt; else paths, ports, devices or executors. */
    boolean ofAttempts() {
        return ofAttempts;
    }

    /** The name in lower case with dashes, as options name it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
