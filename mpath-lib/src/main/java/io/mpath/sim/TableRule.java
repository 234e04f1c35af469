package io.mpath.sim;

import io.mpath.IoOperation;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.observe.DeviceSnapshot;
import io.mpath.observe.PathSnapshot;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Nothing is submitted to a path that the published table excludes. The control loop submits by the table of that moment; a
 * client's thread that was preempted may submit by an older one, but by none that was superseded before its request was handed
 * in. Nor is anything submitted to a path
 * that the library knows to be away, whatever the table says. A flush of one port may go to any usable path, of whatever tier; and
 * so may what another path has asked to be tried again, twice at least.
 */
final class TableRule implements Rule {
    private static final String RULE = "nothing is submitted to a path that the table excludes";
    private static final String STRANGE = "nothing is submitted to a path that leads elsewhere";
    private static final String AWAY = "nothing is submitted to a path that is away";

    private static final int TRIES = 2;

    private final SimWorld world;
    private final Referee referee;
    private final Multipath registry;

    TableRule(SimWorld world, Referee referee, Multipath registry) {
        this.world = world;
        this.referee = referee;
        this.registry = registry;
    }

    @Override
    public void began(ClientRequest request) {
        request.tierAtBegin = request.unit.tiers();
    }

    @Override
    public void submitted(Route route, SimAttempt attempt, @Nullable ClientRequest request) {
        long since = route.awaySince();
        if (since >= 0 && (world.onLoop() || (request != null && request.beganNanos > since))) {
            throw referee.broken(
                    AWAY,
                    route.name() + " is given " + attempt + ", and is known to be away since "
                            + Story.time(since).strip() + ": " + route.whyAway());
        }
        if (world.onLoop()
                ? route.strangeSince < Long.MAX_VALUE
                : request != null && request.beganNanos > route.strangeSince) {
            throw referee.broken(STRANGE, route.name() + " is given " + attempt + ", and leads elsewhere");
        }
        Optional<MultipathDevice> device = registry.device(route.unit().id());
        boolean anyUsable = attempt.operation() == IoOperation.FLUSH
                && route.unit().geometry().flushPerPort();
        if (device.isEmpty() || selected(device.get().snapshot(), route.name(), anyUsable)) {
            return;
        }
        if (world.onLoop()) {
            if (selected(device.get().snapshot(), route.name(), true) && leftAnother(route, attempt)) {
                return;
            }
            throw referee.broken(
                    RULE,
                    "the control loop gives " + attempt + " to " + route.name() + " in "
                            + device.get().snapshot());
        }
        if (request != null && route.lastTier < request.tierAtBegin) {
            throw referee.broken(
                    RULE,
                    request + " is given to " + route.name() + ", which no table has held since it was handed in at "
                            + Story.time(request.beganNanos).strip());
        }
    }

    /** By its end: what is done already is left out at the front. */
    private static boolean leftAnother(Route to, SimAttempt attempt) {
        for (Route from : to.unit().routes()) {
            long tries = from.path().attempts().stream()
                    .filter(earlier -> earlier.operation() == attempt.operation()
                            && earlier.offset() + earlier.length() == attempt.offset() + attempt.length()
                            && askedForAnother(earlier.failure()))
                    .count();
            if (from != to && tries >= TRIES) {
                return true;
            }
        }
        return false;
    }

    private static boolean askedForAnother(@Nullable PathFailure failure) {
        return failure != null && failure.verdict() == Verdict.RETRY;
    }

    private static boolean selected(DeviceSnapshot snapshot, String name, boolean anyUsable) {
        for (PathSnapshot path : snapshot.paths()) {
            if (path.name().equals(name)) {
                return path.selected() || (anyUsable && path.usable());
            }
        }
        return false;
    }
}
