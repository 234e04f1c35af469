package io.mpath.sim;

/**
 * Something that no correct run shows of a disk.
 *
 * @param rule what was broken
 * @param message where, by which requests, and when, in virtual nanoseconds
 */
record Violation(Rule rule, String message) {
    /** What a disk behind several paths owes to its users. */
    enum Rule {
        /** An acknowledged change stays until something replaces it. */
        LOST,
        /** Once replaced, a value does not come back. */
        STALE,
        /** A block holds what somebody wrote, not before it was asked for. */
        INVENTED,
        /** What is said to have had no effect has none. */
        DENIED,
        /** What is said to be done is on the disk. */
        MISSING,
        /** Nothing lands for a request that has ended, unless its caller was told that it may. */
        LATE,
        /** What may still land does not land over a change that was asked for after it had ended. */
        GHOST,
        /** An attempt does not repeat a change over one that replaced it and was acknowledged. */
        UNDONE,
        /** Of the compare-and-writes that expect the same data, one finds it. */
        COMPARED
    }

    @Override
    public String toString() {
        return rule + ": " + message;
    }
}
