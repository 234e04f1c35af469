package io.mpath.internal.io;

/**
 * Which of a path's losses its target has given up, as far as the path has reported. It outlives the path: what a path lost does
 * not become harmless by its removal.
 *
 * <p>Threading: written by the control loop of the path's registry; read by those of all registries of this process.
 */
public final class Fence {
    private volatile long upTo;
    private volatile boolean refuses;

    /** Everything that was lost with {@code epoch} or less is given up. */
    public void report(long epoch) {
        upTo = Math.max(upTo, epoch);
    }

    /** The target refuses whatever of the path has not arrived, or, {@code false}, does so no more. */
    public void refuse(boolean value) {
        refuses = value;
    }

    /** Whether the target refuses whatever of the path has not arrived; nothing that had arrived takes effect any more. */
    public boolean refuses() {
        return refuses;
    }

    /** Whether what was lost with {@code epoch} is given up; never what was lost without a number, which is 0. */
    public boolean covers(long epoch) {
        return epoch > 0 && epoch <= upTo;
    }
}
