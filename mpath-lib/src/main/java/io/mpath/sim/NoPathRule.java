package io.mpath.sim;

import io.mpath.DeviceId;
import io.mpath.DeviceState;
import io.mpath.IoStatus;
import io.mpath.Multipath;
import io.mpath.observe.MultipathEvent;
import io.mpath.observe.MultipathEvent.DeviceStateChanged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * No request fails for want of a path while its device has a usable one all the time, nor because its device is gone while that
 * is not. What devices were when is known by their events, which may be told after the request has ended: so this is looked at
 * when all is over.
 */
final class NoPathRule implements Rule {
    private static final String RULE = "no request fails for want of a path while one is usable";

    private final Referee referee;
    private final Multipath registry;
    private final List<ClientRequest> failed = new ArrayList<>();
    private final Map<DeviceId, List<DeviceStateChanged>> history = new HashMap<>();

    NoPathRule(Referee referee, Multipath registry) {
        this.referee = referee;
        this.registry = registry;
    }

    @Override
    public void told(MultipathEvent event) {
        if (event instanceof DeviceStateChanged change) {
            history.computeIfAbsent(change.device(), id -> new ArrayList<>()).add(change);
        }
    }

    @Override
    public void ended(ClientRequest request) {
        if (request.status == IoStatus.NO_PATH) {
            failed.add(request);
        }
        if (request.status == IoStatus.DEVICE_GONE
                && registry.device(request.unit.id())
                        .filter(request.device::equals)
                        .isPresent()) {
            throw referee.broken(RULE, request + " ended as DEVICE_GONE, and its device is there");
        }
    }

    @Override
    public void closed() {
        for (ClientRequest request : failed) {
            List<DeviceStateChanged> changes = history.getOrDefault(request.unit.id(), List.of());
            if (!wasNotLive(changes, request.beganNanos, request.endedNanos)) {
                throw referee.broken(
                        RULE,
                        request + " ended as " + request.status + " (" + request.message + ") and was under way from "
                                + Story.time(request.beganNanos) + " to " + Story.time(request.endedNanos));
            }
        }
    }

    /** Whether the device was anything but live at some moment from {@code from} to {@code to}. */
    private static boolean wasNotLive(List<DeviceStateChanged> changes, long from, long to) {
        DeviceState state = DeviceState.WAITING;
        for (DeviceStateChanged change : changes) {
            if (change.atNanos() > to) {
                break;
            }
            if (change.atNanos() >= from && state != DeviceState.LIVE) {
                return true;
            }
            state = change.to();
            if (change.atNanos() >= from && state != DeviceState.LIVE) {
                return true;
            }
        }
        return state != DeviceState.LIVE;
    }
}
