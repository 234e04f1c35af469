package io.mpath.observe;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.DeviceState;
import io.mpath.Liveness;

/**
 * Something that an administrator would want to know of. {@link #toString} is one line for people.
 *
 * <p>Every event carries {@code atNanos}, the {@link io.mpath.Ticker} time at which the control loop made the change.
 */
public sealed interface MultipathEvent {
    /** When, by the registry's {@link io.mpath.Ticker}. */
    long atNanos();

    /** An event of one device. */
    sealed interface DeviceEvent extends MultipathEvent {
        /** Which device. */
        DeviceId device();
    }

    /** An event of one path of one device. */
    sealed interface PathEvent extends DeviceEvent {
        /** Which path. */
        String path();
    }

    /** A device came into being, with its first path. */
    record DeviceAdded(long atNanos, DeviceId device) implements DeviceEvent {}

    /** A device is gone. */
    record DeviceRemoved(long atNanos, DeviceId device, String reason) implements DeviceEvent {}

    /** A device went from one state to another. */
    record DeviceStateChanged(long atNanos, DeviceId device, DeviceState from, DeviceState to) implements DeviceEvent {}

    /** The capacity that the device's paths agree on changed. */
    record DeviceResized(long atNanos, DeviceId device, long fromBytes, long toBytes) implements DeviceEvent {}

    /** An attribute was changed. */
    record AttributeChanged(long atNanos, DeviceId device, String attribute, String from, String to)
            implements DeviceEvent {}

    /** The last path went; the device goes too when the delay is over, unless one returns. */
    record RemovalDelayed(long atNanos, DeviceId device, long delayNanos) implements DeviceEvent {}

    /** Requests wait for a path. One event for each time that waiting begins. */
    record Requeueing(long atNanos, DeviceId device) implements DeviceEvent {}

    /** Requests fail for want of a path. One event for each time that failing begins. */
    record NoPathLeft(long atNanos, DeviceId device, String reason) implements DeviceEvent {}

    /** A candidate was left out or refused. */
    record PathLeftOut(long atNanos, String path, String reason) implements MultipathEvent {}

    /** A path joined a device. */
    record PathAdded(long atNanos, DeviceId device, String path) implements PathEvent {}

    /** A path left its device. */
    record PathRemoved(long atNanos, DeviceId device, String path, String reason) implements PathEvent {}

    /** A path may be given I/O, or may not any more, and why. */
    record PathUsable(long atNanos, DeviceId device, String path, boolean usable, String reason) implements PathEvent {}

    /** A path's access state changed. */
    record AccessStateChanged(long atNanos, DeviceId device, String path, AccessState from, AccessState to)
            implements PathEvent {}

    /** The liveness of a path's port changed. */
    record LivenessChanged(long atNanos, DeviceId device, String path, Liveness from, Liveness to)
            implements PathEvent {}

    /** A path leads elsewhere than it did, or says so; it is not used. */
    record PathMismatch(long atNanos, DeviceId device, String path, String reason) implements PathEvent {}

    /** A path failed a request with an error of its own. Further ones follow as one event a second at most. */
    record PathFailed(long atNanos, DeviceId device, String path, String cause, long failures) implements PathEvent {}

    /** A path broke the contract of the SPI: ended an attempt twice, threw, ended what it had not been given. */
    record PathMisbehaved(long atNanos, DeviceId device, String path, String what) implements PathEvent {}
}
