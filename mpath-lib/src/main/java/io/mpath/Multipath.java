package io.mpath;

import io.mpath.internal.device.Registry;
import io.mpath.observe.MultipathListener;
import io.mpath.observe.Topology;
import io.mpath.path.PathCandidate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The registry: takes candidate paths, decides which to admit, groups them by identity into devices, and runs the control loop
 * that keeps those in order (Linux: an NVMe subsystem's list of heads, {@code scsi_mpath}).
 *
 * <p>Threading: every method may be called by any thread, except where it says that it waits: not from a callback, a listener
 * or a task of the control loop.
 */
public interface Multipath extends AutoCloseable {
    /** Starts describing a registry. */
    static Builder builder() {
        return new Builder();
    }

    /** A registry with all defaults. */
    static Multipath create() {
        return builder().build();
    }

    /**
     * Offers a path. Admission is decided first, from what the candidate says of itself; an admitted one is opened and
     * described on a thread that may block, and joins the device of its identity, which is made when it is the first. One that
     * leads to what has one path only is left out all the same, closed, unless {@link Admission.Mode#ALWAYS} takes it in.
     *
     * <p>A candidate of a name that is a path here already is refused, unless that path is about to leave for good: its port is being
     * deleted, or it is a bare device that is being closed. Then the offer waits until it has left; so the next life of a node can be
     * offered as soon as it is seen.
     *
     * <p>The future tells what became of it. It fails with {@link MultipathException} when the candidate could not be opened.
     */
    CompletableFuture<Offer> offer(PathCandidate candidate);

    /** {@link #offer}, waiting for the device. @throws MultipathException when the path was not admitted, saying why */
    MultipathDevice join(PathCandidate candidate);

    /**
     * Opens a path as a device of its own, with no layer in between: for what is not admitted. It takes part in nothing else
     * here, and is closed by its owner, or with the registry. May block.
     *
     * <p>With no layer in between, time-outs are the path's: {@link IoRequest#timeout} is passed on to it, and a request that
     * it never ends never ends; {@link BlockDevice#close} returns after the close time-out all the same. Failures are the path's too,
     * and the caller's at once: what a device would send again after a pause ({@link io.mpath.path.Verdict#RETRY}), or to another path,
     * ends with the status that the path gave it, and a change that the path lost as {@link IoStatus#OUTCOME_UNKNOWN}: it {@link
     * Effect#MAY_STILL_HAPPEN}, and nothing holds later ones back. Its access state, liveness and readiness are not looked at.
     *
     * <p>Its identity is: when the path reports a change, it is described anew, and the device has the size that it says then, be it
     * more or less. Where it leads to another unit by now, requests end as {@link IoStatus#NO_PATH} without being sent, until it
     * leads back; while its identity is in doubt they wait for its answer, and end so, too, when it gives none.
     *
     * @throws MultipathException when it cannot be opened, is a path here already, or the registry is closed
     */
    BlockDevice openBare(PathCandidate candidate);

    /** Every device, in the order of their first path. */
    List<MultipathDevice> devices();

    /** The device with that identity. */
    Optional<MultipathDevice> device(DeviceId id);

    /** The candidates that were left out or refused, each with its reason, the last offer of each name. */
    List<LeftOutPath> leftOut();

    /** All devices, paths and left-out candidates, each device consistent in itself. */
    Topology topology();

    /**
     * Sends every later event to {@code listener}, one at a time and in order, on the completion executor.
     *
     * @return stops that when run
     */
    Runnable listen(MultipathListener listener);

    /** {@link #close} without waiting: completes when every device is closed, just before the threads stop. */
    CompletableFuture<Void> closeAsync();

    /** Closes every device, then stops the threads. Waits for at most the longest close time-out of a device. */
    @Override
    void close();

    /** A candidate that is no path of any device, and why. */
    record LeftOutPath(String name, String reason) {}

    /** Describes a registry. Not thread-safe. */
    final class Builder {
        private Admission admission = Admission.capable();
        private DeviceSettings settings = DeviceSettings.defaults();
        private java.util.function.Supplier<Environment> environment = Environment::system;

        private Builder() {}

        /** Which candidates become paths. */
        public Builder admission(Admission value) {
            admission = java.util.Objects.requireNonNull(value, "admission");
            return this;
        }

        /** What new devices start with. */
        public Builder settings(DeviceSettings value) {
            settings = java.util.Objects.requireNonNull(value, "settings");
            return this;
        }

        /** Time, chance and threads other than the system's. The registry stops them when it closes. */
        public Builder environment(Environment value) {
            java.util.Objects.requireNonNull(value, "environment");
            environment = () -> value;
            return this;
        }

        /** The registry, running. */
        public Multipath build() {
            return new Registry(admission, settings, environment.get());
        }
    }
}
