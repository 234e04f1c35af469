package io.mpath.examples.cli;

/**
 * What is to be done to a device.
 *
 * @param writes whether it is written to; its nodes are then opened exclusively
 * @param readOnly whether its nodes are opened for reading only, which keeps commands from them that change anything
 * @param destroyData whether the user allows that what it holds is lost
 * @param alignment what offsets and lengths are multiples of
 * @param depth requests that are to be carried out at once
 */
record Use(boolean writes, boolean readOnly, boolean destroyData, long alignment, int depth) {
    private static final long LOOKING_ALIGNMENT = 1 << 12;

    /** Nothing but to be looked at. */
    static final Use LOOKING = new Use(false, false, LOOKING_ALIGNMENT, 1);
    /** Its reservations are changed, and its data is not: it may be in use meanwhile. */
    static final Use RESERVING = new Use(false, false, false, LOOKING_ALIGNMENT, 1);

    /** Its reservations are tried out, and what its first block holds is written over itself: nobody may use it meanwhile. */
    static final Use TESTING = new Use(true, false, true, LOOKING_ALIGNMENT, 1);

    /** To be read, and written to if {@code writes}. */
    Use(boolean writes, boolean destroyData, long alignment, int depth) {
        this(writes, !writes, destroyData, alignment, depth);
    }
}
