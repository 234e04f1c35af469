package io.mpath.observe;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.DeviceState;
import io.mpath.Liveness;
import io.mpath.reservation.ReservationKey;
import java.time.Duration;

/**
 * Something that an administrator would want to know of.
 *
 * <p>{@code toString} of every event is one line for people that names device and path and says what became of them;
 * the time is not in it, since logs and {@code mpath watch} print their own. Control characters in names and causes are
 * escaped.
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
    record DeviceAdded(long atNanos, DeviceId device) implements DeviceEvent {
        @Override
        public String toString() {
            return OneLine.device(device, "device added");
        }
    }

    /** A device is gone. */
    record DeviceRemoved(long atNanos, DeviceId device, String reason) implements DeviceEvent {
        @Override
        public String toString() {
            return OneLine.device(device, "device removed: " + reason);
        }
    }

    /** A device went from one state to another. */
    record DeviceStateChanged(long atNanos, DeviceId device, DeviceState from, DeviceState to) implements DeviceEvent {
        @Override
        public String toString() {
            return OneLine.device(device, "state " + from + " -> " + to);
        }
    }

    /** The capacity that the device's paths agree on changed. */
    record DeviceResized(long atNanos, DeviceId device, long fromBytes, long toBytes) implements DeviceEvent {
        @Override
        public String toString() {
            return OneLine.device(device, "size " + fromBytes + " -> " + toBytes + " bytes");
        }
    }

    /** An attribute was changed. */
    record AttributeChanged(long atNanos, DeviceId device, String attribute, String from, String to)
            implements DeviceEvent {
        @Override
        public String toString() {
            return OneLine.device(device, attribute + " " + from + " -> " + to);
        }
    }

    /** The last path went; the device goes too when the delay is over, unless one returns. */
    record RemovalDelayed(long atNanos, DeviceId device, long delayNanos) implements DeviceEvent {
        @Override
        public String toString() {
            return OneLine.device(device, "last path gone, device removed in " + Duration.ofNanos(delayNanos));
        }
    }

    /** Requests wait for a path. One event for each time that waiting begins. */
    record Requeueing(long atNanos, DeviceId device) implements DeviceEvent {
        @Override
        public String toString() {
            return OneLine.device(device, "no usable path, requests wait");
        }
    }

    /** Another host removed this one's registration, or the device lost it: no path is registered any more, and none will be. */
    record RegistrationLost(long atNanos, DeviceId device, ReservationKey key, String reason) implements DeviceEvent {
        @Override
        public String toString() {
            return OneLine.device(device, "registration with key " + key + " lost: " + reason);
        }
    }

    /** What this host had reserved is not reserved by it any more. */
    record ReservationLost(long atNanos, DeviceId device, ReservationKey key, String reason) implements DeviceEvent {
        @Override
        public String toString() {
            return OneLine.device(device, "reservation of key " + key + " lost: " + reason);
        }
    }

    /** Requests fail for want of a path. One event for each time that failing begins. */
    record NoPathLeft(long atNanos, DeviceId device, String reason) implements DeviceEvent {
        @Override
        public String toString() {
            return OneLine.device(device, "no available path, requests fail: " + reason);
        }
    }

    /**
     * Writes that {@code path} lost are held until it is fenced. One event for each time that holding begins.
     *
     * @param holdNanos after how long time alone is a fence; {@link Long#MAX_VALUE}: never
     */
    record WritesHeld(long atNanos, DeviceId device, String path, long holdNanos) implements PathEvent {
        @Override
        public String toString() {
            String until = holdNanos == Long.MAX_VALUE
                    ? "until it is fenced"
                    : "until it is fenced, " + Duration.ofNanos(holdNanos) + " at most";
            return OneLine.path(device, path, "lost writes, held " + until);
        }
    }

    /**
     * {@code path} lost writes, and was fenced by the reservation: its key was preempted, and what it had was ended. What it lost is
     * sent again at once, and it is not used before nothing of that can land any more.
     *
     * @param through the path through which that was done
     * @param key the key that was preempted
     */
    record PathFenced(long atNanos, DeviceId device, String path, String through, ReservationKey key)
            implements PathEvent {
        @Override
        public String toString() {
            return OneLine.path(
                    device, path, "fenced by reservation through " + through + ", key " + key + " preempted");
        }
    }

    /**
     * No write that {@code path} lost is held any longer.
     *
     * @param replayed how many were sent again
     * @param ended how many ended before, their outcome unknown
     */
    record WritesReleased(long atNanos, DeviceId device, String path, long replayed, long ended) implements PathEvent {
        @Override
        public String toString() {
            return OneLine.path(
                    device,
                    path,
                    "has no lost write held any longer: " + replayed + " sent again, " + ended + " ended unknown");
        }
    }

    /**
     * The target said through {@code path} that a write which it had acknowledged failed after that, as one with a volatile cache may
     * (SCSI: a deferred error): data that was taken to be written may be lost.
     *
     * @param cause the decoded cause
     */
    record AcknowledgedWriteLost(long atNanos, DeviceId device, String path, String cause) implements PathEvent {
        @Override
        public String toString() {
            return OneLine.path(device, path, "tells that a write it had acknowledged failed after all: " + cause);
        }
    }

    /**
     * A flush succeeded without {@code ports}, which had been written through and could not be reached: what they have not passed on
     * by themselves may not be durable. Where the target's controllers share one cache, or mirror it, nothing is missing. Further
     * ones follow as one event a second at most.
     */
    record FlushIncomplete(long atNanos, DeviceId device, String ports) implements DeviceEvent {
        @Override
        public String toString() {
            return OneLine.of(device + ": flushed, but not through " + ports
                    + ", which cannot be reached: what was written there may not be durable");
        }
    }

    /** A candidate was left out or refused. */
    record PathLeftOut(long atNanos, String path, String reason) implements MultipathEvent {
        @Override
        public String toString() {
            return OneLine.of("path " + path + " left out: " + reason);
        }
    }

    /** A path joined a device. */
    record PathAdded(long atNanos, DeviceId device, String path) implements PathEvent {
        @Override
        public String toString() {
            return OneLine.path(device, path, "added");
        }
    }

    /** A path left its device. */
    record PathRemoved(long atNanos, DeviceId device, String path, String reason) implements PathEvent {
        @Override
        public String toString() {
            return OneLine.path(device, path, "removed: " + reason);
        }
    }

    /** A path may be given I/O, or may not any more, and why. */
    record PathUsable(long atNanos, DeviceId device, String path, boolean usable, String reason) implements PathEvent {
        @Override
        public String toString() {
            return OneLine.path(device, path, usable ? "usable" : "not usable: " + reason);
        }
    }

    /** A path's access state changed. */
    record AccessStateChanged(long atNanos, DeviceId device, String path, AccessState from, AccessState to)
            implements PathEvent {
        @Override
        public String toString() {
            return OneLine.path(device, path, "access state " + from + " -> " + to);
        }
    }

    /** The liveness of a path's port changed. */
    record LivenessChanged(long atNanos, DeviceId device, String path, Liveness from, Liveness to)
            implements PathEvent {
        @Override
        public String toString() {
            return OneLine.path(device, path, "liveness " + from + " -> " + to);
        }
    }

    /** A path leads elsewhere than it did, or says so; it is not used. */
    record PathMismatch(long atNanos, DeviceId device, String path, String reason) implements PathEvent {
        @Override
        public String toString() {
            return OneLine.path(device, path, "contradicts the device and is not used: " + reason);
        }
    }

    /** A path failed a request with an error of its own. Further ones follow as one event a second at most. */
    record PathFailed(long atNanos, DeviceId device, String path, String cause, long failures) implements PathEvent {
        @Override
        public String toString() {
            return OneLine.path(device, path, "failed (" + failures + "): " + cause);
        }
    }

    /** A path became marginal, and is used only where no sound path is usable; or is sound again. */
    record PathMarginal(long atNanos, DeviceId device, String path, boolean marginal, String reason)
            implements PathEvent {
        @Override
        public String toString() {
            return OneLine.path(
                    device, path, marginal ? "marginal: " + reason : "sound again; it was marginal: " + reason);
        }
    }

    /** A check of a path has not ended in time. It is waited for no more; its answer counts when it comes. */
    record PathCheckOverdue(long atNanos, DeviceId device, String path, long timeoutNanos) implements PathEvent {
        @Override
        public String toString() {
            return OneLine.path(device, path, "check has not ended for " + Duration.ofNanos(timeoutNanos));
        }
    }

    /** A path broke the contract of the SPI: ended an attempt twice, threw, ended what it had not been given. */
    record PathMisbehaved(long atNanos, DeviceId device, String path, String what) implements PathEvent {
        @Override
        public String toString() {
            return OneLine.path(device, path, "broke its contract: " + what);
        }
    }
}
