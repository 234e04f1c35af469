package io.mpath.internal.device;

import com.google.common.collect.ImmutableList;
import io.mpath.internal.io.Flight;
import io.mpath.internal.io.PathTarget;
import io.mpath.observe.DeviceSnapshot;
import io.mpath.observe.PathCounters;
import io.mpath.observe.PathSnapshot;
import java.time.Duration;
import java.util.Arrays;
import java.util.IdentityHashMap;

/** Turns a path table into what users see. Any thread. */
final class Snapshots {
    private Snapshots() {}

    static DeviceSnapshot of(DeviceHead head, PathTable table) {
        IdentityHashMap<PathTarget, Integer> inFlight = new IdentityHashMap<>();
        head.stripes().scan(flight -> {
            PathTarget target = flight.target;
            if (target != null && flight.stage() != Flight.Stage.CONTROLLED) {
                inFlight.merge(target, 1, Integer::sum);
            }
        });
        ImmutableList.Builder<PathSnapshot> paths = ImmutableList.builder();
        for (PathView view : table.paths()) {
            paths.add(path(view, table, inFlight.getOrDefault(view.target(), 0)));
        }
        return new DeviceSnapshot(
                head.id(),
                table.state(),
                table.geometry(),
                table.policy().name(),
                table.noPath(),
                Duration.ofNanos(table.delayedRemovalNanos()),
                head.control().requests().size(),
                head.control().requests().held(),
                head.unfenced(),
                paths.build(),
                head.control().tally().counters());
    }

    private static PathSnapshot path(PathView view, PathTable table, int inFlight) {
        PathRecord record = view.record();
        PathTarget target = view.target();
        PathCheck check = record.check();
        return new PathSnapshot(
                target.name(),
                target.path().port().name(),
                target.numaNode(),
                view.accessState(),
                view.liveness(),
                view.preferred(),
                view.usable(),
                view.reason(),
                view.marginal(),
                Arrays.asList(table.tier()).contains(target),
                inFlight,
                new PathCounters(
                        target.requests(),
                        target.bytes(),
                        record.errors(),
                        record.failovers(),
                        record.retries(),
                        check == null ? 0 : check.made(),
                        check == null ? 0 : check.failed(),
                        record.demotions()));
    }
}
