package io.mpath.internal.reservation;

import io.mpath.DeviceId;
import io.mpath.Environment;
import io.mpath.observe.MultipathEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The device whose reservations are kept, as far as that needs it. Used on the control loop only. */
public interface ReservedDevice {
    /** Its identity. */
    DeviceId id();

    /** Where it lives. */
    Environment environment();

    /** A member for each of its paths, the ones that I/O goes through first. */
    List<Member> members();

    /** How long it may take until nothing that a process before this one lost on that path can land, in nanoseconds. */
    long earlierNanos(Member member);

    /** Whether anything is in doubt that was lost before the device came into being, or by another registry of this process. */
    boolean inheritsDoubts();

    /** Some member's {@link Member#problem} may not be what it was. */
    void membersChanged();

    /** Holds its I/O still; completes, on any thread, when nothing is with a path. */
    CompletableFuture<Void> quiesce();

    /** Ends one {@link #quiesce}. */
    void resume();

    /** Tells listeners. */
    void emit(MultipathEvent event);
}
