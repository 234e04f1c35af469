package io.mpath.examples.cli;

/**
 * What is to be done to a device.
 *
 * @param writes whether it is written to; its nodes are then opened exclusively
 * @param destroyData whether the user allows that what it holds is lost
 * @param alignment what offsets and lengths are multiples of
 * @param depth requests that are to be carried out at once
 */
record Use(boolean writes, boolean destroyData, long alignment, int depth) {
    /** Nothing but to be looked at. */
    static final Use LOOKING = new Use(false, false, 1 << 12, 1);
}
