package io.mpath.scsi.linux;

import io.mpath.ConfigurationException;

/**
 * How a disk is opened and how much its path takes at once. Immutable.
 *
 * @param readOnly open for reading only; also what becomes of a path whose node cannot be written
 * @param exclusive open it so that it can be neither mounted nor opened the same way by another, and fail when it is (Linux: {@code
 *     O_EXCL} without {@code O_CREAT})
 * @param threads how many commands are under way at once, each held by a thread of its own. When the path is lost, as many writes
 *     may be, whose memory is left alone for as long as they are held
 * @param maxWaiting how many more requests may wait for a thread
 * @param requireDetached leave out a disk that a device handler of the kernel is attached to (Linux: {@code dh_state} is another than
 *     {@code detached}): it repeats commands by itself that are refused because the unit may be another one. Many hosts have {@code
 *     scsi_dh_alua} loaded, so without this such disks are driven, and the log says what to do
 */
public record ScsiOptions(boolean readOnly, boolean exclusive, int threads, int maxWaiting, boolean requireDetached) {
    private static final ScsiOptions DEFAULTS = new ScsiOptions(false, false, 16, 256, false);

    /** Checks the numbers. @throws ConfigurationException naming the one that cannot be meant */
    public ScsiOptions {
        requirePositive("number of threads", threads);
        requirePositive("number of waiting requests", maxWaiting);
    }

    private static void requirePositive(String what, int value) {
        if (value <= 0) {
            throw new ConfigurationException(what + " of " + value + " is not positive");
        }
    }

    /** Read and write, shared; 16 threads, 256 waiting; with or without a device handler. */
    public static ScsiOptions defaults() {
        return DEFAULTS;
    }

    /** This, for reading only or not. */
    public ScsiOptions withReadOnly(boolean value) {
        return new ScsiOptions(value, exclusive, threads, maxWaiting, requireDetached);
    }

    /** This, exclusive or not. */
    public ScsiOptions withExclusive(boolean value) {
        return new ScsiOptions(readOnly, value, threads, maxWaiting, requireDetached);
    }

    /** This with so many commands under way at once, and so many more waiting. */
    public ScsiOptions withDepth(int underWay, int waiting) {
        return new ScsiOptions(readOnly, exclusive, underWay, waiting, requireDetached);
    }

    /** This, leaving out disks that have a device handler, or not. */
    public ScsiOptions withRequireDetached(boolean value) {
        return new ScsiOptions(readOnly, exclusive, threads, maxWaiting, value);
    }
}
