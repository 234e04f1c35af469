package io.mpath.scsi.alua;

import io.mpath.AccessState;
import io.mpath.path.PathControl;
import io.mpath.path.PathPort;
import io.mpath.scsi.ScsiReply;
import io.mpath.scsi.command.ScsiCommand;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A path to one logical unit, whose access state an {@link AluaMonitor} keeps. Compared by identity. */
public interface AluaMember {
    /** Of no group: one that no logical unit lists. */
    int NO_GROUP = -1;

    /** What the path is called, for messages. */
    String name();

    /** The nexus that it goes through. */
    PathPort port();

    /** What may be spent on the target that it leads to. */
    AluaBudget budget();

    /** The target port group of its port, or {@link #NO_GROUP}; on the loop. It may change when the path is described anew: {@link AluaMonitor#described}. */
    int targetPortGroup();

    /** The port's relative identifier; 0 where the page did not tell. */
    int relativeTargetPort();

    /** Whether its nexus is live, as far as is known. On the loop. */
    boolean live();

    /**
     * How many commands of I/O have ended well through it; any thread, and a count that lags behind does no harm. One that was
     * refused says nothing of the access state: a port between two states may answer that it is busy.
     */
    long commandsEnded();

    /** What the path reports to. */
    PathControl control();

    /** The path's part of a change of many, reported by the monitor in one step with the others'. */
    PathControl.AccessChange change(AccessState state, boolean preferred);

    /** The first state of this path was reported: it may be used if it is otherwise fit. Once, on the loop. */
    void stateKnown();

    /**
     * Executes a command of the monitor's through this path; on threads that may block, also a moment after the member was removed.
     * What the end tells of the path's identity or size is the path's own to notice: a unit attention is told once, to whichever
     * command comes next. Its access state is the monitor's to notice.
     *
     * @param leastTimeoutNanos how long it is given at least; 0 for what a command for housekeeping is given
     * @throws io.mpath.MultipathException as {@link io.mpath.scsi.ScsiTransport#execute}
     */
    ScsiReply execute(ScsiCommand command, @Nullable ByteBuffer data, long leastTimeoutNanos);
}
