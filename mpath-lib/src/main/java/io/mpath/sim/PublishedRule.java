package io.mpath.sim;

import io.mpath.AccessState;
import io.mpath.DeviceState;
import io.mpath.Liveness;
import io.mpath.Multipath;
import io.mpath.observe.DeviceSnapshot;
import io.mpath.observe.MultipathEvent;
import io.mpath.observe.PathSnapshot;

/**
 * What a device publishes of itself is in order, whenever something is told of it: usable paths are such that can be used, and
 * those of the best access state among them are selected, all of them and no others.
 */
final class PublishedRule implements Rule {
    private static final String RULE = "the best usable paths are selected";
    private static final String REMOVAL = "a device without paths outlives them by its removal delay";

    private final Referee referee;
    private final Multipath registry;

    PublishedRule(Referee referee, Multipath registry) {
        this.referee = referee;
        this.registry = registry;
    }

    @Override
    public void told(MultipathEvent event) {
        registry.devices().forEach(device -> check(device.snapshot()));
    }

    private void check(DeviceSnapshot device) {
        int best = device.paths().stream()
                .filter(PathSnapshot::usable)
                .mapToInt(PublishedRule::rank)
                .min()
                .orElse(0);
        for (PathSnapshot path : device.paths()) {
            boolean fit = path.liveness() == Liveness.LIVE && path.accessState().usable();
            boolean chosen = path.usable() && rank(path) == best;
            if ((path.usable() && !fit) || path.selected() != chosen) {
                throw referee.broken(RULE, path.name() + " of " + device);
            }
        }
        if (device.state() == DeviceState.REMOVING
                && (device.delayedRemoval().isZero() || !device.paths().isEmpty())) {
            throw referee.broken(REMOVAL, device.toString());
        }
    }

    /** Sound paths come before marginal ones, optimized before non-optimized. */
    private static int rank(PathSnapshot path) {
        return (path.marginal().isEmpty() ? 0 : 2) + (path.accessState() == AccessState.OPTIMIZED ? 0 : 1);
    }
}
