package io.mpath.path;

/** What to do about a failed attempt: all that the core is told of a protocol's status. */
public enum Verdict {
    /** Try the same path again after the delay that the device asks for. Not the path's fault. */
    RETRY,
    /** Try another path: this one failed, not what it leads to. */
    FAIL_OVER,
    /** Tell the caller: any path would fail the same way. */
    FAIL
}
