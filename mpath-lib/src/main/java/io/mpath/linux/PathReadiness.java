package io.mpath.linux;

import io.mpath.Timers.Timer;
import io.mpath.path.PathControl;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether a path may be given I/O, for a path that learns of its state only by trying: it is ready until a request fails
 * with the path, and then until a check succeeds. Checks come after 100 ms, then each after twice the time, up to 5 s. A
 * path that fails again within 30 s of becoming ready goes on from where it was: where one block cannot be read on any path
 * and the check reads another, the paths come and go at that pace and not at that of the requests.
 *
 * <p>Threading: {@code ready}, {@code closed} and {@code losses} are written under the monitor, together with the report, so
 * that reports are made in the order of the states; requests read {@code ready} without it, and one that is sent down a path
 * lost meanwhile fails by itself. {@code backoffNanos}, {@code readySince} and {@code timer} belong to the control loop.
 */
final class PathReadiness {
    static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);
    static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final PathControl control;
    private final Runnable check;
    private volatile boolean ready;
    private boolean closed;
    private int losses;
    private long backoffNanos;
    private long readySince;
    private @Nullable Timer timer;

    /**
     * Not ready yet.
     *
     * @param check checks the path and reports to {@link #found}; run on a thread that may block
     */
    PathReadiness(PathControl control, Runnable check) {
        this.control = control;
        this.check = check;
    }

    boolean isReady() {
        return ready;
    }

    /** The path joins its device, just described. On the loop. */
    void start() {
        becomeReady();
    }

    /** No more reports or checks. On the loop. */
    void close() {
        synchronized (this) {
            closed = true;
            ready = false;
        }
        cancelCheck();
    }

    /** A request failed with the path. To be called before the request is ended, or it would be given to this path again. */
    synchronized void lost(String reason) {
        if (!ready) {
            return;
        }
        ready = false;
        losses++;
        control.notReady(reason);
        control.loop().execute(this::beginChecks);
    }

    /** To be asked before a check and given to {@link #found} after it. */
    synchronized int losses() {
        return losses;
    }

    /** A check found that the path works, or why not. A success that began before the latest loss says nothing. */
    void found(boolean works, String finding, int lossesBefore) {
        control.loop().execute(() -> {
            if (!works) {
                stillLost(finding);
            } else if (lossesBefore == losses()) {
                cancelCheck();
                becomeReady();
            }
        });
    }

    private void becomeReady() {
        synchronized (this) {
            if (ready || closed) {
                return;
            }
            readySince = control.ticker().nanos();
            ready = true;
            control.ready();
        }
    }

    private void beginChecks() {
        boolean settled = control.ticker().nanos() - readySince >= SETTLED_NANOS;
        backoffNanos = settled || backoffNanos == 0 ? FIRST_NANOS : Math.min(backoffNanos * 2, LONGEST_NANOS);
        scheduleCheck();
    }

    private void stillLost(String finding) {
        if (ready) {
            lost(finding);
            return;
        }
        backoffNanos = Math.min(Math.max(backoffNanos * 2, FIRST_NANOS), LONGEST_NANOS);
        scheduleCheck();
    }

    private void scheduleCheck() {
        cancelCheck();
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        timer = control.timers().schedule(backoffNanos, () -> control.blocking().execute(check));
    }

    private void cancelCheck() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
