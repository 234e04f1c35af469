package io.mpath.internal.device;

import com.google.common.collect.ImmutableSortedSet;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.internal.io.Flight;
import io.mpath.internal.io.PathTarget;
import io.mpath.internal.io.PortFlush;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.PathPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Flushes where each port has to be flushed by itself ({@link Geometry#flushPerPort}): which ports they go to, and what becomes
 * of those that cannot be reached. How it is known which were written through is told at {@link PortFlush}.
 *
 * <p>A port that cannot be reached does not fail the flush: its part goes to any other path. The alternative is a device that can
 * be flushed no more after a path was lost, although subsystems whose controllers share a namespace keep one cache or mirror it.
 * It is counted, and told by an event. Used on the control loop only.
 */
final class PortFlushes {
    /** How often, and how long each time, a part waits for its port's only path, which rests after a failure. */
    private static final int MOST_WAITS = 5;

    static final long WAIT_NANOS = 100_000_000L;

    private final DeviceControl device;
    private final DeviceHead head;

    /** The ports that left with something unflushed, by name. */
    private final Map<String, PathPort> departed = new LinkedHashMap<>(1);

    private ImmutableSortedSet<String> untold = ImmutableSortedSet.of();
    private long lastEvent;

    PortFlushes(DeviceControl device, DeviceHead head) {
        this.device = device;
        this.head = head;
        this.lastEvent = device.now() - FailureEvents.INTERVAL_NANOS;
    }

    /** Sends {@code flight} to several ports, where it is a flush that has to be; false where any path will do for it. */
    boolean sent(Flight flight) {
        Geometry geometry = device.geometry();
        if (flight.operation() != IoOperation.FLUSH
                || flight.isPart()
                || !geometry.flushPerPort()
                || !geometry.volatileCache()) {
            return false;
        }
        List.copyOf(departed.keySet()).forEach(this::unreached);
        departed.clear();
        Collection<PathTarget> targets = takeUnflushed();
        if (targets.isEmpty()) {
            return false;
        }
        head.flushPorts(flight, targets);
        return true;
    }

    /** One path of each port that was written through; from here on, what is written counts for the next flush. */
    private Collection<PathTarget> takeUnflushed() {
        var ofPorts = new IdentityHashMap<PathPort, PathTarget>();
        var found = new ArrayList<PathTarget>();
        var taken = new ArrayList<PathTarget>();
        for (PathRecord record : device.records()) {
            PathTarget target = record.target();
            if (target.unflushed()) {
                if (ofPorts.putIfAbsent(target.path().port(), target) == null) {
                    found.add(target);
                }
                if (target.takeWritten()) {
                    taken.add(target);
                }
            }
        }
        // Behind the taking: a change that is under way by now may have found the mark set, and end behind this flush.
        head.stripes().scan(flight -> {
            if (flight.stage() == Flight.Stage.LAUNCHED && !flight.operation().harmless()) {
                PathTarget target = flight.target;
                if (target == null) {
                    taken.forEach(PathTarget::markWritten);
                } else {
                    target.markWritten();
                }
            }
        });
        return found;
    }

    /** Whether {@code part} is to wait for its port, which rests; else it goes to any path, for its own is out of reach. */
    boolean waits(Flight part, PathPort port) {
        for (PathRecord record : device.records()) {
            if (record.path().port() == port) {
                if (record.onlyRests() && part.retries < MOST_WAITS) {
                    part.retries++;
                    return true;
                }
                record.target().markWritten();
            }
        }
        part.onlyPort = null;
        unreached(port.name());
        return false;
    }

    private void unreached(String port) {
        device.tally().unreachedFlushes++;
        untold = ImmutableSortedSet.<String>naturalOrder()
                .addAll(untold)
                .add(port)
                .build();
        long now = device.now();
        if (now - lastEvent >= FailureEvents.INTERVAL_NANOS) {
            lastEvent = now;
            device.emit(new MultipathEvent.FlushIncomplete(now, device.id(), String.join(", ", untold)));
            untold = ImmutableSortedSet.of();
        }
    }

    /** One path more: through a port, perhaps, that had left. */
    void pathJoined(PathRecord record) {
        PathPort port = record.path().port();
        if (departed.remove(port.name(), port)) {
            record.target().markWritten();
        }
    }

    /** A path has left; what was written through it stays with its port. */
    void pathLeft(PathRecord left) {
        if (!left.target().unflushed()) {
            return;
        }
        PathPort port = left.path().port();
        for (PathRecord record : device.records()) {
            if (record.path().port() == port) {
                record.target().markWritten();
                return;
            }
        }
        departed.put(port.name(), port);
    }
}
