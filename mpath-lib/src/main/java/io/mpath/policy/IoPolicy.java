package io.mpath.policy;

import java.util.List;

/**
 * How requests are spread over the usable paths (Linux: {@code iopolicy}). A policy sees only the best tier: usable optimized
 * paths if there are any, else usable non-optimized ones. Immutable, shared by devices.
 */
public interface IoPolicy {
    /** The name an administrator knows it by. */
    String name();

    /** Whether requests in flight must be counted for it. Counting costs two atomic operations a request. */
    boolean countsInFlight();

    /**
     * Whether requests must be timed for it, by sampling; that counts them too. Costs two clock readings for one request in
     * sixteen.
     */
    default boolean timesRequests() {
        return false;
    }

    /**
     * A selector for these candidates. Asked for by the control loop, and by the owner of each channel for that channel.
     *
     * @param candidates one or more, in the order of their ordinals; never changed
     * @param numa the machine's memory nodes
     */
    PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa);
}
