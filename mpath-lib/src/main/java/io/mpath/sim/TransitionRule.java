package io.mpath.sim;

import io.mpath.DeviceId;
import io.mpath.DeviceState;
import io.mpath.observe.MultipathEvent;
import io.mpath.observe.MultipathEvent.AccessStateChanged;
import io.mpath.observe.MultipathEvent.DeviceAdded;
import io.mpath.observe.MultipathEvent.DeviceEvent;
import io.mpath.observe.MultipathEvent.DeviceStateChanged;
import io.mpath.observe.MultipathEvent.LivenessChanged;
import io.mpath.observe.MultipathEvent.PathAdded;
import io.mpath.observe.MultipathEvent.PathEvent;
import io.mpath.observe.MultipathEvent.PathRemoved;
import io.mpath.observe.MultipathEvent.PathUsable;
import java.util.HashMap;
import java.util.Map;

/**
 * Devices and paths go from state to state as they may, each change begins where the one before it ended, and events come in
 * the order of their times.
 */
final class TransitionRule implements Rule {
    private static final String RULE = "states change as they may";

    private final Referee referee;
    private final SimCoverage coverage;
    private final Map<DeviceId, DeviceState> devices = new HashMap<>();

    /** Whether each path that is there is usable. */
    private final Map<String, Boolean> paths = new HashMap<>();

    private long lastNanos;

    TransitionRule(Referee referee, SimCoverage coverage) {
        this.referee = referee;
        this.coverage = coverage;
    }

    @Override
    public void told(MultipathEvent event) {
        if (event.atNanos() < lastNanos) {
            throw broken(event, "an event of a later time was told before it");
        }
        lastNanos = event.atNanos();
        coverage.count(SimCoverage.of(event.getClass()));
        if (event instanceof DeviceAdded added) {
            devices.put(added.device(), DeviceState.WAITING);
            paths.keySet().removeIf(path -> path.startsWith(added.device() + " "));
        } else if (event instanceof DeviceStateChanged change) {
            device(change);
        } else if (event instanceof PathAdded added) {
            if (paths.put(key(added), false) != null) {
                throw broken(event, "it was there already");
            }
        } else if (event instanceof PathRemoved removed) {
            if (paths.remove(key(removed)) == null) {
                throw broken(event, "it was not there");
            }
        } else if (event instanceof PathUsable usable) {
            usable(usable);
        } else if (event instanceof LivenessChanged change) {
            coverage.count(SimCoverage.of(change.from(), change.to()));
        } else if (event instanceof AccessStateChanged change) {
            coverage.count(SimCoverage.of(change.to()));
        }
    }

    private void device(DeviceStateChanged change) {
        DeviceState known = devices.put(change.device(), change.to());
        if (known != change.from() || !Legal.move(change.from(), change.to())) {
            throw broken(change, "it was " + known);
        }
        coverage.count(SimCoverage.of(change.from(), change.to()));
    }

    private void usable(PathUsable change) {
        Boolean before = paths.put(key(change), change.usable());
        if (before == null || before == change.usable()) {
            throw broken(change, before == null ? "it was not there" : "it was so already");
        }
    }

    private static String key(PathEvent event) {
        return ((DeviceEvent) event).device() + " " + event.path();
    }

    private SimViolation broken(MultipathEvent event, String why) {
        return referee.broken(RULE, event + " is told, and " + why);
    }
}
