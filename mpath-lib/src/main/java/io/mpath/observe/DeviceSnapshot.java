package io.mpath.observe;

import com.google.common.collect.ImmutableList;
import io.mpath.DeviceId;
import io.mpath.DeviceState;
import io.mpath.Geometry;
import io.mpath.NoPathPolicy;
import java.time.Duration;
import java.util.List;

/**
 * One device at one moment, with its paths in the order of attachment. States are consistent with one another; counters are
 * read a moment later.
 *
 * @param waiting requests that wait for a path
 */
public record DeviceSnapshot(
        DeviceId id,
        DeviceState state,
        Geometry geometry,
        String policy,
        NoPathPolicy noPath,
        Duration delayedRemoval,
        int waiting,
        List<PathSnapshot> paths,
        DeviceCounters counters) {
    /** Copies the paths. */
    public DeviceSnapshot {
        paths = ImmutableList.copyOf(paths);
    }
}
