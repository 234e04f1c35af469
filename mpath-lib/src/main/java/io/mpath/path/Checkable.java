package io.mpath.path;

import io.mpath.DeviceSettings;
import io.mpath.MarginalPolicy;

/**
 * A {@link DevicePath} that can be asked whether it works without giving it a request of the caller's (multipath-tools: a path
 * checker). The core asks: in turn every {@link DeviceSettings#checkInterval}, give or take a quarter, unless I/O has just
 * proved that the path works; promptly when it failed a request or came back; and with pauses that double from 1 s to 30 s while
 * it does not work. It leaves a path alone that is away ({@link PathControl#notReady}, or a port that is not live), and a device
 * that is held still. A bare device is not checked.
 *
 * <p>A path that does not work is not used until a check says that it does. One that works, by its check, and fails its
 * requests nevertheless gains little by it: of its pauses after failures one is cut short, and no second.
 *
 * <p>Of the paths of one port one is checked at a time, and no sooner than 10 ms after the one before. A check that has not
 * ended after 10 s loses its turn, with an event, and holds up nothing but the next check of its own path; its answer counts
 * when it comes, and until then the path is {@link MarginalPolicy marginal}. Three that hang keep their port from starting
 * others, and sixteen under way their registry, for a hung check may hold a thread.
 */
public interface Checkable {
    /**
     * Checks the path once, and reports what it finds to its {@link PathControl} and to {@code done}. Called on a thread that
     * may block, never twice at once, and possibly while the path is being described. A path that has been closed meanwhile,
     * or is being closed, does not work.
     */
    void check(CheckDone done);

    /** Told of the end of a check. */
    @FunctionalInterface
    interface CheckDone {
        /** The path works, or does not, and why. Once, by any thread: further calls have no effect. */
        void done(boolean works, String finding);
    }
}
