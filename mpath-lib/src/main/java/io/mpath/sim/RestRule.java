package io.mpath.sim;

import io.mpath.DeviceState;
import io.mpath.Multipath;
import io.mpath.observe.DeviceSnapshot;
import io.mpath.observe.PathSnapshot;
import io.mpath.policy.SelectablePath;
import org.jspecify.annotations.Nullable;

/**
 * What is counted as under way is under way: at least what paths have, at moments in between, and nothing once every request has ended.
 * After the registry has closed none of its timers and tasks is left.
 */
final class RestRule implements Rule {
    private static final String RULE = "nothing is left over";
    private static final int COMPARED_ONE_IN = 32;

    private final SimWorld world;
    private final Referee referee;
    private final Multipath registry;
    private final Iterable<Unit> units;
    private long events;
    private boolean closed;

    RestRule(SimWorld world, Referee referee, Multipath registry, Iterable<Unit> units) {
        this.world = world;
        this.referee = referee;
        this.registry = registry;
        this.units = units;
    }

    /** Between two events, one time in many: an attempt that a path has is in flight by the snapshot of its device, too. */
    void between() {
        if (++events % COMPARED_ONE_IN != 0) {
            return;
        }
        for (Unit unit : units) {
            registry.device(unit.id()).ifPresent(device -> compare(unit, device.snapshot()));
        }
    }

    private void compare(Unit unit, DeviceSnapshot snapshot) {
        for (PathSnapshot path : snapshot.paths()) {
            Route route = unit.route(path.name());
            int underWay = route == null || !route.path().attached()
                    ? 0
                    : route.path().underWay().size();
            if (path.inFlight() < underWay) {
                throw referee.broken(
                        RULE,
                        path.name() + " has " + underWay + " attempts, and " + path.inFlight() + " count as in flight");
            }
        }
    }

    @Override
    public void drained() {
        for (Unit unit : units) {
            registry.device(unit.id()).ifPresent(device -> atRest(device.snapshot()));
            for (SelectablePath path : unit.candidates()) {
                if (path.inFlight() != 0) {
                    throw referee.broken(
                            RULE, path.name() + "'s port counts " + path.inFlight() + " in flight at rest");
                }
            }
        }
    }

    private void atRest(DeviceSnapshot snapshot) {
        if (snapshot.state() != DeviceState.LIVE || snapshot.waiting() != 0 || snapshot.held() != 0) {
            throw referee.broken(RULE, "at rest: " + snapshot);
        }
        for (PathSnapshot path : snapshot.paths()) {
            if (path.inFlight() != 0) {
                throw referee.broken(RULE, path.name() + " has " + path.inFlight() + " in flight at rest");
            }
        }
    }

    @Override
    public void submitted(Route route, SimAttempt attempt, @Nullable ClientRequest request) {
        if (closed) {
            throw referee.broken(RULE, route.name() + " is given " + attempt + " by a registry that has closed");
        }
    }

    @Override
    public void closed() {
        closed = true;
        if (world.unfinished() != 0) {
            throw referee.broken(RULE, world.unfinished() + " timers and tasks are left after the registry has closed");
        }
    }
}
