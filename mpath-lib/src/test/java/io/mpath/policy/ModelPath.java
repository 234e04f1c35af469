package io.mpath.policy;

import io.mpath.AccessState;
import io.mpath.Liveness;

/**
 * A path with everything that selection may depend on, before anything was decided about it.
 *
 * @param ready whether its adapter says so and no access state is being re-read
 * @param inFlight requests in flight through its port
 */
record ModelPath(
        int ordinal,
        AccessState accessState,
        Liveness liveness,
        boolean ready,
        int numaNode,
        boolean preferred,
        int inFlight)
        implements SelectablePath {
    private static final long REQUEST_BYTES = 4096;

    /** A live, ready path on no particular node, not preferred. */
    static ModelPath of(int ordinal, AccessState accessState) {
        return new ModelPath(ordinal, accessState, Liveness.LIVE, true, -1, false, 0);
    }

    ModelPath withInFlight(int count) {
        return new ModelPath(ordinal, accessState, liveness, ready, numaNode, preferred, count);
    }

    /** All requests are of one size. */
    @Override
    public long bytesInFlight() {
        return inFlight * REQUEST_BYTES;
    }

    /** Nothing was measured. */
    @Override
    public ServiceHistory history() {
        return new ServiceHistory();
    }

    /** {@code p1} is the path with ordinal 0, as the peers number theirs. */
    @Override
    public String name() {
        return "p" + (ordinal + 1);
    }
}
