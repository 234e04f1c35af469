package io.mpath.internal.device;

import io.mpath.Environment;
import io.mpath.NoPathPolicy;
import io.mpath.Timers;
import org.jspecify.annotations.Nullable;

/**
 * The device's wait for a path: begins when the last usable path goes, ends when one is usable again, when the policy's time is
 * over, or when none can come back. Used on the control loop only.
 */
final class NoPathWait {
    private final Environment environment;
    private final Runnable expired;
    private boolean waiting;
    private long since;
    private long armedFor;
    private Timers.@Nullable Timer timer;
    private String failing = "";

    NoPathWait(Environment environment, Runnable expired) {
        this.environment = environment;
        this.expired = expired;
    }

    /** Why requests fail at once, or empty when they are sent or wait. */
    String failing() {
        return failing;
    }

    /** Takes note of the paths, or of another policy. */
    void update(boolean usable, boolean mayReturn, NoPathPolicy policy) {
        if (usable) {
            cancel();
            waiting = false;
            failing = "";
            return;
        }
        long now = environment.ticker().nanos();
        if (!waiting) {
            waiting = true;
            since = now;
        }
        long left = policy.waitNanos() == Long.MAX_VALUE ? Long.MAX_VALUE : policy.waitNanos() - (now - since);
        if (!mayReturn) {
            failing = "no path is left that may come back";
        } else if (left <= 0) {
            failing = policy.waitNanos() == 0
                    ? "no path is usable, and the policy is not to wait"
                    : "no path was usable for " + policy;
        } else {
            failing = "";
        }
        arm(failing.isEmpty() && left != Long.MAX_VALUE ? now + left : Long.MAX_VALUE, now);
    }

    /** Keeps a timer that is set to the same moment: paths come and go often while none is usable. */
    private void arm(long moment, long now) {
        if (timer != null && moment == armedFor) {
            return;
        }
        cancel();
        if (moment != Long.MAX_VALUE) {
            armedFor = moment;
            timer = environment.timers().schedule(moment - now, () -> {
                timer = null;
                expired.run();
            });
        }
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
