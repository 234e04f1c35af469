package io.mpath.path;

/** What is known of an attempt that failed. When in doubt, {@link #UNKNOWN}. */
public enum Certainty {
    /** It was refused before it took any effect. */
    NOT_EXECUTED,
    /** The device answered it, or confirmed that it was aborted: it takes no further effect, but may have taken some. */
    TERMINATED,
    /** Nobody answered for it: it may have taken effect, and may still. */
    UNKNOWN
}
