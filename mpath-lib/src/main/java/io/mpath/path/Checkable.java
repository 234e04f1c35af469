package io.mpath.path;

/**
 * A {@link DevicePath} that can be asked whether it works without giving it a request of the caller's. The core asks
 * for no check by itself: adapters do, and programs.
 */
public interface Checkable {
    /**
     * Checks the path once, and reports what it finds to its {@link PathControl} and to {@code done}. Called on a thread that
     * may block, never twice at once.
     */
    void check(CheckDone done);

    /** Told of the end of a check. */
    @FunctionalInterface
    interface CheckDone {
        /** The path works, or does not, and why. Once, by any thread. */
        void done(boolean works, String finding);
    }
}
