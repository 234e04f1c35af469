package io.mpath.observe;

import io.mpath.AccessState;
import io.mpath.Liveness;

/**
 * One path at one moment.
 *
 * @param usable whether it may be given I/O
 * @param reason why it is not usable; empty when it is
 * @param marginal why it is marginal, and therefore used only where no sound path is usable; empty when it is sound
 * @param selected whether it is in the tier that requests are given to
 * @param inFlight requests that are with it
 * @param numaNode the memory node of its port, or -1
 */
public record PathSnapshot(
        String name,
        String port,
        int numaNode,
        AccessState accessState,
        Liveness liveness,
        boolean preferred,
        boolean usable,
        String reason,
        String marginal,
        boolean selected,
        int inFlight,
        PathCounters counters) {}
