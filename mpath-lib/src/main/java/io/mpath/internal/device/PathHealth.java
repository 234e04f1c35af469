package io.mpath.internal.device;

import io.mpath.MarginalPolicy;
import io.mpath.internal.Durations;
import io.mpath.observe.MultipathEvent;

/**
 * Whether one path is sound or marginal: which signs demote it, and after how long without any it is promoted. See {@link
 * MarginalPolicy}. Made at the first sign; most paths never have one. Used on the control loop only.
 */
final class PathHealth {
    private static final long FORGIVEN_PER_FAULT = 100_000;
    private static final int PROBES = 6;
    private static final int PROBES_THAT_WORK = 3;
    private static final long SHORTEST_PROBE_NANOS = 5_000_000_000L;
    private static final long LONGEST_PROBE_NANOS = 30_000_000_000L;

    private final PathRecord record;
    private final Recurrence faults;
    private final Recurrence flaps;
    private final long shortestQuietNanos;
    private final long longestQuietNanos;
    private String marginal = "";
    private boolean byAdministrator;
    private long quietSince;
    private long quietNanos;
    private long promotedAt;
    private int worked;
    private long demotions;

    PathHealth(PathRecord record, MarginalPolicy policy) {
        this.record = record;
        long window = Durations.nanos("window", policy.window());
        this.faults = new Recurrence(policy.failures(), window);
        this.flaps = new Recurrence(policy.flaps(), window);
        this.shortestQuietNanos = Durations.nanos("shortest quiet time", policy.shortestQuiet());
        this.longestQuietNanos = Durations.nanos("longest quiet time", policy.longestQuiet());
    }

    /** Why it is marginal, or empty when it is sound. */
    String marginal() {
        return marginal;
    }

    long demotions() {
        return demotions;
    }

    /** How often it is to be probed while it is marginal. */
    long probeNanos() {
        return Math.max(SHORTEST_PROBE_NANOS, Math.min(quietNanos / PROBES, LONGEST_PROBE_NANOS));
    }

    /** It claimed to work and failed what it was given. */
    void fault(String cause, long successes) {
        if (faults.tooOften(now(), successes, FORGIVEN_PER_FAULT)) {
            demote("fails: " + cause);
        } else {
            disturbed();
        }
    }

    /** It ceased to be there. */
    void flapped(String reason) {
        if (flaps.tooOften(now(), 0, 1)) {
            demote("comes and goes: " + reason);
        } else {
            disturbed();
        }
    }

    /** Enough by itself to demote it. */
    void demote(String why) {
        disturbed();
        if (!marginal.isEmpty()) {
            return;
        }
        boolean soon = demotions > 0 && now() - promotedAt < longestQuietNanos;
        quietNanos = soon ? Math.min(Durations.sum(quietNanos, quietNanos), longestQuietNanos) : shortestQuietNanos;
        demotions++;
        becomes(why);
    }

    /** Something is not as it should be with it: its quiet time begins anew. */
    void disturbed() {
        quietSince = now();
        worked = 0;
    }

    /** A check found that it works. */
    void probed() {
        worked++;
    }

    /** Once a second: promotes it when its time has come. */
    void look(long now) {
        if (marginal.isEmpty() || byAdministrator) {
            return;
        }
        if (!record.undisturbed()) {
            disturbed();
        } else if (now - quietSince >= quietNanos && (record.check() == null || worked >= PROBES_THAT_WORK)) {
            promote();
        }
    }

    private void promote() {
        promotedAt = now();
        faults.forget();
        flaps.forget();
        becomes("");
    }

    /** The administrator says what it is: marginal until he says otherwise, or sound until it is demoted again. */
    void set(boolean toMarginal) {
        byAdministrator = toMarginal;
        if (toMarginal && marginal.isEmpty()) {
            becomes("set so");
        } else if (!toMarginal && !marginal.isEmpty()) {
            promote();
        }
    }

    private void becomes(String why) {
        String was = marginal;
        marginal = why;
        DeviceControl device = record.device();
        boolean demoted = !why.isEmpty();
        device.emit(new MultipathEvent.PathMarginal(
                device.now(), device.id(), record.name(), demoted, demoted ? why : was));
        record.stateChanged();
        PathCheck check = record.check();
        if (demoted && check != null) {
            check.probe();
        }
    }

    private long now() {
        return record.device().now();
    }
}
