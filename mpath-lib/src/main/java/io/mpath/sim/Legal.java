package io.mpath.sim;

import io.mpath.DeviceState;

/** Which changes of state a device may tell of. */
final class Legal {
    private Legal() {}

    /**
     * A closed device stays closed, and a path that joins one without paths has yet to say that it is ready; else a device may go
     * from any state to any other, as its paths and its owner have it.
     */
    static boolean move(DeviceState from, DeviceState to) {
        boolean cannot = from == DeviceState.REMOVING && to == DeviceState.LIVE;
        return from != to && from != DeviceState.CLOSED && !cannot;
    }
}
