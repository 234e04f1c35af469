package io.mpath.path;

/** Who uses a {@link PathQueue}. */
public enum QueueKind {
    /** Any thread submits; the path's own threads complete. */
    SHARED,
    /**
     * One thread submits and calls {@link PathQueue#poll}, inside which requests complete. When that thread has ended, another one
     * may take its place.
     */
    CONFINED
}
