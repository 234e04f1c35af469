package io.mpath.internal.device;

import io.mpath.internal.io.Flight;
import io.mpath.internal.io.PathTarget;
import io.mpath.internal.reservation.Member;

/** What one path has under way and has lost, also after it has left its device. Used on the control loop only. */
final class PathTraffic implements Member.Traffic {
    private final DeviceControl device;
    private final PathTarget target;

    PathTraffic(DeviceControl device, PathTarget target) {
        this.device = device;
        this.target = target;
    }

    @Override
    public void refused(boolean value) {
        if (target.fence().refuses() != value) {
            device.requests().holding().refused(target.fence(), value);
            device.requests().fenced();
        }
    }

    @Override
    public boolean over() {
        boolean[] under = new boolean[1];
        device.stripes().scan(flight -> under[0] |= mayBeWithIt(flight));
        return !under[0] && !device.requests().holding().mayLand(target.fence());
    }

    /** A submitter that has a slot, and read its path table, but has not yet noted its choice, may have chosen this one. */
    private boolean mayBeWithIt(Flight flight) {
        boolean out = flight.stage() == Flight.Stage.LAUNCHED || flight.stage() == Flight.Stage.LINGERING;
        PathTarget has = flight.target;
        return out && (has == null || has == target);
    }
}
