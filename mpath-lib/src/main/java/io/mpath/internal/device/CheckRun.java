package io.mpath.internal.device;

import io.mpath.ControlLoop;
import io.mpath.path.Checkable;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One check of one path. It is over when it has answered and its thread has come back, in whichever order.
 *
 * <p>Threading: {@link #run} on a thread that may block, {@link #done} by any, once; what those bring goes to the control loop,
 * which alone uses the rest. {@code begun} tells it that a check waits for its path and not for a thread.
 */
final class CheckRun implements Runnable, Checkable.CheckDone {
    private final PathCheck check;
    private final PortChecks port;
    private final Checkable path;
    private final ControlLoop loop;
    private final int troublesBefore;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile boolean begun;
    private boolean answered;
    private boolean returned;
    private boolean hung;

    CheckRun(PathCheck check, PortChecks port, Checkable path, ControlLoop loop, int troublesBefore) {
        this.check = check;
        this.port = port;
        this.path = path;
        this.loop = loop;
        this.troublesBefore = troublesBefore;
    }

    @Override
    public void run() {
        begun = true;
        try {
            path.check(this);
        } catch (Throwable t) {
            loop.execute(() -> check.threw(t));
            done(false, "it threw " + t);
        }
        loop.execute(() -> {
            returned = true;
            endWhenOver();
        });
    }

    @Override
    public void done(boolean works, String finding) {
        if (told.compareAndSet(false, true)) {
            loop.execute(() -> {
                answered = true;
                check.found(works, finding, troublesBefore);
                endWhenOver();
            });
        }
    }

    private void endWhenOver() {
        if (answered && returned) {
            check.over();
            port.over(this);
        }
    }

    boolean begun() {
        return begun;
    }

    boolean hung() {
        return hung;
    }

    /** Its turn was taken from it. */
    void hang() {
        hung = true;
        check.overdue();
    }
}
