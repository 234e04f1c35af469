package io.mpath.path;

/** What to do about a failed attempt: all that the core is told of a protocol's status. */
public enum Verdict {
    /**
     * Try the same path again after the delay that the device asks for. Not the path's fault. With {@link Certainty#NOT_EXECUTED} (busy,
     * task set full, not ready yet) until the deadline of the request, with pauses that grow to 1 s where the device asks for less; from
     * the fifth refusal on, or the next one after a second, through another path if one is usable. A path that so loses several requests
     * in a row and serves none, while others serve, has failed. With any other certainty five times, then once through another path
     * if one is usable, and then the caller is told.
     */
    RETRY,
    /** Try another path: this one failed, not what it leads to. */
    FAIL_OVER,
    /** Tell the caller: any path would fail the same way. */
    FAIL
}
