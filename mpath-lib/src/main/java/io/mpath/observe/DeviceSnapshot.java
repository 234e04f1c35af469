package io.mpath.observe;

import com.google.common.collect.ImmutableList;
import io.mpath.DeviceId;
import io.mpath.DeviceState;
import io.mpath.Geometry;
import io.mpath.NoPathPolicy;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * One device at one moment, with its paths in the order of attachment. States are consistent with one another; counters are
 * read a moment later.
 *
 * @param waiting requests that wait: for a path, for room, or for a change that they overlap
 * @param held writes whose attempt was lost and that are sent again when its path is fenced
 * @param unfenced ranges that a lost attempt may still change
 */
public record DeviceSnapshot(
        DeviceId id,
        DeviceState state,
        Geometry geometry,
        String policy,
        NoPathPolicy noPath,
        Duration delayedRemoval,
        int waiting,
        int held,
        List<UnfencedRange> unfenced,
        List<PathSnapshot> paths,
        DeviceCounters counters) {
    /** Copies the lists. */
    public DeviceSnapshot {
        unfenced = ImmutableList.copyOf(unfenced);
        paths = ImmutableList.copyOf(paths);
    }

    /** {@link PathCounters#requests Requests} of the paths it has now; those of paths that went are no longer in it. */
    public long requests() {
        return sum(PathCounters::requests);
    }

    /** {@link PathCounters#bytes Bytes} of the paths it has now; those of paths that went are no longer in it. */
    public long bytes() {
        return sum(PathCounters::bytes);
    }

    /** {@link PathCounters#errors Errors} of the paths it has now; those of paths that went are no longer in it. */
    public long errors() {
        return sum(PathCounters::errors);
    }

    /** {@link PathCounters#retries Retries} of the paths it has now; those of paths that went are no longer in it. */
    public long retries() {
        return sum(PathCounters::retries);
    }

    private long sum(ToLongFunction<PathCounters> counter) {
        return paths.stream().map(PathSnapshot::counters).mapToLong(counter).sum();
    }
}
