package io.mpath.nvme.ana;

import io.mpath.AccessState;
import io.mpath.path.PathControl;

/** A namespace whose access state an {@link AnaMonitor} keeps: one path through its controller. Compared by identity. */
public interface AnaMember {
    /** Which namespace. */
    long nsid();

    /** What the path reports to. */
    PathControl control();

    /** The path's part of a change of many, reported by the monitor in one step with the others'. */
    PathControl.AccessChange change(AccessState state);

    /** The first state of this path was reported: it may be used if it is otherwise fit. Once, on the loop. */
    void stateKnown();
}
