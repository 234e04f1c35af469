package io.mpath.internal.device;

/** What a device tells its registry, on the control loop. */
interface Departures {
    /** The path is not its device's any more. */
    void pathLeft(PathRecord path);

    /** The device takes no more requests. */
    void deviceEnded(DeviceHead device);

    /** The device has answered every request. */
    void deviceFinished(DeviceHead device);
}
