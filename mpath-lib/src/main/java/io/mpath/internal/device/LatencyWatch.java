package io.mpath.internal.device;

import io.mpath.IoOperation;
import io.mpath.MarginalPolicy;
import io.mpath.internal.Durations;
import io.mpath.internal.io.Flight;
import io.mpath.internal.io.PathTarget;
import java.time.Duration;
import java.util.List;

/**
 * Sees which paths of a device are far slower than their siblings, or hang, and times no request for it: the control loop scans
 * the slots at each tick anyway, and by Little's law the mean time of an attempt is the mean number under way divided by the
 * rate at which they end. A device without I/O costs a comparison a tick. Used on the control loop only.
 */
final class LatencyWatch {
    private static final long WINDOW_NANOS = 5_000_000_000L;
    private static final long ENOUGH = 16;
    private static final int SLOW_WINDOWS = 3;

    private final List<PathRecord> records;
    private final int slowFactor;
    private final long slowFloorNanos;
    private final long hungWindows;
    private boolean seen;
    private boolean open;
    private long windowSince;

    LatencyWatch(List<PathRecord> records, MarginalPolicy policy) {
        this.records = records;
        this.slowFactor = policy.slowFactor();
        this.slowFloorNanos = Durations.nanos("slow floor", policy.slowFloor());
        long hang = Durations.nanos("hang", policy.hang());
        this.hungWindows = hang == 0 ? Long.MAX_VALUE : Math.max(1, (hang - 1) / WINDOW_NANOS + 1);
    }

    /** Shown every flight that has a slot, at each tick. Racily read: one wrong sample of many. */
    void sample(Flight flight) {
        PathTarget target = flight.target;
        Flight.Stage stage = flight.stage();
        if (target != null && (stage == Flight.Stage.LAUNCHED || stage == Flight.Stage.LINGERING)) {
            IoOperation operation = flight.operation();
            target.sampled(operation == IoOperation.READ || operation == IoOperation.WRITE);
            seen = true;
        }
    }

    /** After all were shown. */
    void tick(long now) {
        if (!seen && !open) {
            return;
        }
        seen = false;
        for (PathRecord record : records) {
            record.load().tick();
        }
        if (!open) {
            begin(now);
        } else if (now - windowSince >= WINDOW_NANOS) {
            judge(now - windowSince);
            begin(now);
        }
    }

    private void begin(long now) {
        open = false;
        for (PathRecord record : records) {
            open |= record.load().begin();
        }
        windowSince = now;
    }

    private void judge(long elapsed) {
        for (PathRecord record : records) {
            record.load().close(elapsed);
        }
        for (PathRecord record : List.copyOf(records)) {
            PathLoad load = record.load();
            long best = fastestSibling(record);
            long mean = load.meanNanos();
            boolean slow = slowFactor > 0
                    && load.ended() >= ENOUGH
                    && mean > slowFloorNanos
                    && best != Long.MAX_VALUE
                    && mean / slowFactor > best;
            if (load.slowFor(slow) >= SLOW_WINDOWS) {
                record.health().demote("slow: " + brief(mean) + ", where a sibling takes " + brief(best));
            } else if (load.hungFor() >= hungWindows) {
                record.health()
                        .demote("hangs: nothing ended for "
                                + Duration.ofNanos(WINDOW_NANOS).multipliedBy(load.hungFor()));
            }
        }
    }

    /** The mean of the fastest other path that may be compared with this one, or the largest number. */
    private long fastestSibling(PathRecord record) {
        long best = Long.MAX_VALUE;
        for (PathRecord other : records) {
            if (other != record
                    && other.accessState() == record.accessState()
                    && other.load().ended() >= ENOUGH) {
                best = Math.min(best, other.load().meanNanos());
            }
        }
        return best;
    }

    private static String brief(long nanos) {
        return nanos < 10_000_000 ? nanos / 1000 + " µs" : nanos / 1_000_000 + " ms";
    }
}
