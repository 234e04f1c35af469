package io.mpath.policy;

/** A candidate, as a policy sees it. */
public interface SelectablePath {
    /** Its name. */
    String name();

    /** The memory node of its port, or -1. */
    int numaNode();

    /** Whether the administrator or the target prefers it. */
    boolean preferred();

    /** Its number within the device, given in the order of attachment; never used again while the path is there. */
    int ordinal();

    /**
     * Requests in flight through its port, over all logical units; as a candidate of an {@link io.mpath.IoChannel}: those of that
     * channel alone. Counted only for devices whose policy {@link
     * IoPolicy#countsInFlight}. Read without a lock: a stale value costs one less than ideal choice.
     */
    int inFlight();

    /**
     * Bytes that the requests in flight through its port carry, each rounded up to 512 or more; counted as {@link #inFlight} is. A
     * discard carries none.
     */
    long bytesInFlight();

    /** What was measured of it; always the same. Written only for devices whose policy {@link IoPolicy#timesRequests}. */
    ServiceHistory history();
}
