package io.mpath.internal.device;

import com.google.common.collect.ImmutableList;
import io.mpath.DeviceState;
import io.mpath.Geometry;
import io.mpath.NoPathPolicy;
import io.mpath.internal.io.PathTarget;
import io.mpath.policy.IoPolicy;
import io.mpath.policy.PathSelector;

/**
 * The paths that a request may take right now, with all that a submitter has to know, and the states they were chosen by.
 *
 * <p>Threading: built on the control loop and published whole; read by any thread. Never changed after that. A submitter that
 * still holds an older table may choose a path that has since failed: that path refuses or fails the request, which is sent
 * anew, one extra trip and no loss.
 *
 * @param version grows with each table of a device
 * @param direct whether submitters may send by themselves; else requests go to the control loop
 * @param tier the usable paths of the best non-empty tier, in the order of their ordinals
 * @param selector chooses among them; meaningless when there are none
 * @param countsInFlight whether the policy wants requests counted per port
 * @param timesRequests whether it wants some of them timed, too
 */
@SuppressWarnings("ArrayRecordComponent") // indexed for every request, compared by nobody
record PathTable(
        long version,
        boolean direct,
        DeviceState state,
        Geometry geometry,
        PathTarget[] tier,
        PathSelector selector,
        boolean countsInFlight,
        boolean timesRequests,
        ImmutableList<PathView> paths,
        IoPolicy policy,
        NoPathPolicy noPath,
        long delayedRemovalNanos) {

    PathTable {
        assert !direct || tier.length > 0 : "requests are sent directly where there is no path";
    }

    boolean closed() {
        return state == DeviceState.CLOSED;
    }
}
