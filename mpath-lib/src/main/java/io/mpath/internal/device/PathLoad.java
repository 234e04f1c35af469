package io.mpath.internal.device;

import io.mpath.internal.io.PathTarget;

/** What one path carried during the present window of its device's {@link LatencyWatch}. Used on the control loop only. */
final class PathLoad {
    private final PathTarget target;
    private boolean whole;
    private long ticks;
    private long samples;
    private boolean pausedOnce;
    private int underWay;
    private long requestsBefore;
    private int underWayBefore;
    private long ended;
    private long meanNanos;
    private int slowWindows;
    private int hungWindows;

    PathLoad(PathTarget target) {
        this.target = target;
    }

    /** Takes this tick's samples. */
    void tick() {
        int timed = target.takeTimed();
        underWay = target.takeUnderWay();
        ticks++;
        samples += timed;
        pausedOnce |= timed == 0;
    }

    /** Begins a window; whether the path has anything under way. */
    boolean begin() {
        whole = true;
        ticks = 0;
        samples = 0;
        pausedOnce = false;
        underWayBefore = underWay;
        requestsBefore = target.requests();
        return underWay > 0 || ended > 0;
    }

    /** Ends the window. A path that joined in the middle of it is not judged. */
    void close(long elapsedNanos) {
        ended = whole ? Math.max(0, target.requests() - requestsBefore - (underWay - underWayBefore)) : 0;
        // A path that was never caught with anything under way counts as caught once: it is fast, not infinitely so.
        meanNanos = ended == 0 || ticks == 0 ? 0 : Math.max(samples, 1) * elapsedNanos / ticks / ended;
        hungWindows = whole && ended == 0 && !pausedOnce ? hungWindows + 1 : 0;
    }

    /** Attempts that ended in the last window, well or not; those whose counts were lost are missing. */
    long ended() {
        return ended;
    }

    /** How long each of them took, about. */
    long meanNanos() {
        return meanNanos;
    }

    /** For how many windows in a row it has been slow, the last one included. */
    int slowFor(boolean slow) {
        slowWindows = slow ? slowWindows + 1 : 0;
        return slowWindows;
    }

    /** For how many windows in a row something was under way and nothing ended. */
    int hungFor() {
        return hungWindows;
    }
}
