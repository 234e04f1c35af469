package io.mpath.internal.device;

import io.mpath.Environment;
import io.mpath.Liveness;
import io.mpath.Timers;
import io.mpath.internal.Durations;
import io.mpath.internal.io.PortRecord;
import io.mpath.path.PathPort;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a port, and the paths of all devices through it.
 *
 * <p>Threading: but for the count it inherits, used on the control loop only.
 */
final class PortState extends PortRecord {
    private final PathPort port;
    private final Environment environment;
    private final PortBudgets budgets;
    private final PortDescriptions descriptions;
    private final List<PathRecord> paths = new ArrayList<>();
    private Liveness liveness = Liveness.LIVE;
    private boolean fastFailed;
    private Timers.@Nullable Timer fastFailTimer;
    private Timers.@Nullable Timer lossTimer;
    private @Nullable PortChecks checks;

    /** A port that is live as far as is known. */
    PortState(PathPort port, Environment environment, PortBudgets budgets) {
        super(port.numaNode());
        this.port = port;
        this.environment = environment;
        this.budgets = budgets;
        this.descriptions = new PortDescriptions(budgets.descriptions());
    }

    Liveness liveness() {
        return liveness;
    }

    /** Whether its paths may be here for longer: one that is being deleted takes all of them along. */
    boolean mayStay() {
        return liveness.mayReturn();
    }

    boolean fastFailed() {
        return fastFailed;
    }

    /** Whose turn it is to be checked. */
    PortChecks checks() {
        if (checks == null) {
            checks = new PortChecks(environment, budgets.checks());
        }
        return checks;
    }

    /** Whose turn it is to be described anew. */
    PortDescriptions descriptions() {
        return descriptions;
    }

    void join(PathRecord path) {
        paths.add(path);
    }

    /** Whether it has no path left. */
    boolean leave(PathRecord path) {
        paths.remove(path);
        if (paths.isEmpty()) {
            cancelTimers();
            descriptions.cancel();
            if (checks != null) {
                checks.cancel();
            }
        }
        return paths.isEmpty();
    }

    void report(Liveness next) {
        if (paths.isEmpty() || next == liveness || !liveness.mayBecome(next)) {
            return;
        }
        Liveness before = liveness;
        liveness = next;
        if (next == Liveness.LIVE) {
            cancelTimers();
            fastFailed = false;
            paths.forEach(PathRecord::portReturns);
        } else if (before == Liveness.LIVE) {
            startTimers();
        }
        for (PathRecord path : List.copyOf(paths)) {
            path.livenessChanged(before, next);
        }
    }

    void fastFail() {
        if (fastFailed || liveness == Liveness.LIVE) {
            return;
        }
        fastFailed = true;
        for (PathRecord path : List.copyOf(paths)) {
            path.stateChanged();
        }
    }

    private void startTimers() {
        long fastFailNanos =
                Durations.nanos("fast-fail time-out", port.timeouts().fastFail());
        if (fastFailNanos > 0) {
            fastFailTimer = environment.timers().schedule(fastFailNanos, this::fastFail);
        }
        long lossNanos = Durations.nanos("loss time-out", port.timeouts().loss());
        if (lossNanos > 0) {
            lossTimer = environment.timers().schedule(lossNanos, () -> report(Liveness.DEAD));
        }
    }

    private void cancelTimers() {
        if (fastFailTimer != null) {
            fastFailTimer.cancel();
            fastFailTimer = null;
        }
        if (lossTimer != null) {
            lossTimer.cancel();
            lossTimer = null;
        }
    }
}
