package io.mpath.internal.device;

import io.mpath.DeviceSettings;
import io.mpath.MarginalPolicy;
import io.mpath.internal.Durations;
import io.mpath.internal.io.Flight;
import io.mpath.internal.io.PathTarget;
import io.mpath.internal.io.Stripes;
import java.util.List;

/**
 * Looks after the paths of one device at the registry's tick: what they carry each time, and whether any is to be checked or
 * promoted once a second. An idle device of sound paths costs two comparisons a tick. Used on the control loop only.
 */
final class DeviceHealth {
    private static final long LOOK_NANOS = 1_000_000_000L;

    private final List<PathRecord> records;
    private final MarginalPolicy policy;
    private final LatencyWatch latency;
    private final Stripes stripes;
    private final long checkNanos;
    private long nextLook;

    DeviceHealth(List<PathRecord> records, Stripes stripes, DeviceSettings settings, long now) {
        this.records = records;
        this.policy = settings.marginal();
        this.latency = new LatencyWatch(records, policy);
        this.stripes = stripes;
        long interval = Durations.nanos("check interval", settings.checkInterval());
        this.checkNanos = interval == 0 ? Long.MAX_VALUE : interval;
        this.nextLook = now;
    }

    /** How often a path that is well is checked; {@link Long#MAX_VALUE}: never. */
    long checkNanos() {
        return checkNanos;
    }

    /** When a path is marginal. */
    MarginalPolicy policy() {
        return policy;
    }

    /** Shown every flight that has a slot, before each {@link #tick}. */
    void sample(Flight flight) {
        latency.sample(flight);
    }

    /** The registry's tick. */
    void tick(long now) {
        latency.tick(now);
        if (now - nextLook < 0) {
            return;
        }
        nextLook = now + LOOK_NANOS;
        for (PathRecord record : records) {
            PathCheck check = record.check();
            if (check != null) {
                check.look(now);
            }
            record.lookAtHealth(now);
        }
    }

    /**
     * About how many attempts were carried out.
     *
     * @param here by the path itself
     * @param elsewhere by the other paths of its device
     */
    record Served(long here, long elsewhere) {
        static final Served NOTHING = new Served(0, 0);

        /** Each the lesser one: counts are lost now and then, and those of a path that leaves all at once. */
        Served atMost(Served other) {
            return new Served(Math.min(here, other.here), Math.min(elsewhere, other.elsewhere));
        }
    }

    /**
     * About how many attempts the path has carried out. Lanes lose counts, and what fails after it was given up counts as
     * carried out: either is rare, and then a path is checked once more, or once less.
     */
    long successes(PathRecord record) {
        return served(record).here();
    }

    /** As {@link #successes}, and how many the other paths have. */
    Served served(PathRecord record) {
        PathTarget target = record.target();
        long[] withPath = new long[2];
        stripes.scan(flight -> {
            PathTarget has = flight.target;
            if (has != null && isWithPath(flight.stage())) {
                withPath[has == target ? 0 : 1]++;
            }
        });
        long elsewhere = 0;
        for (PathRecord other : records) {
            elsewhere += other == record ? 0 : other.target().requests() - other.errors();
        }
        return new Served(target.requests() - record.errors() - withPath[0], elsewhere - withPath[1]);
    }

    private static boolean isWithPath(Flight.Stage stage) {
        return stage == Flight.Stage.LAUNCHED || stage == Flight.Stage.LINGERING;
    }
}
