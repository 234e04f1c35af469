package io.mpath;

import io.mpath.observe.DeviceSnapshot;
import io.mpath.observe.UnfencedRange;
import io.mpath.policy.IoPolicy;
import io.mpath.reservation.Reservations;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One logical unit behind all of its paths (Linux: {@code nvme_ns_head}, {@code mpath_head}).
 *
 * <p>Attributes may be changed while I/O runs and lose none of it; each change is made on the control loop, and is in force
 * for every request submitted after the returned future completes.
 *
 * <p>Threading: every method may be called by any thread.
 */
public interface MultipathDevice extends BlockDevice {
    /** Paths and states, consistent with one another; counters are read a moment later. */
    DeviceSnapshot snapshot();

    /** Where the device is in its life. */
    default DeviceState state() {
        return snapshot().state();
    }

    /** As {@link #openChannel(int)}, 128 deep. */
    default IoChannel openChannel() {
        return openChannel(128);
    }

    /**
     * Opens a door of the calling thread's own. Channels are not bounded by {@link DeviceSettings#maxInFlight}, and do not share
     * what it bounds.
     *
     * @param depth how many requests may be under way through it at once: 1 to 65,536
     * @throws ConfigurationException when it is not one of these
     */
    IoChannel openChannel(int depth);

    /** Changes how paths are chosen (a Linux iopolicy). */
    CompletableFuture<Void> policy(IoPolicy policy);

    /** Changes what happens while no path is usable. A wait that has begun is measured anew from its beginning. */
    CompletableFuture<Void> noPath(NoPathPolicy policy);

    /**
     * Changes how long the device outlives its last path (Linux: {@code delayed_removal_secs}). Measured from the moment the
     * last path went; zero while it is being waited for removes the device now.
     *
     * <p>A path that comes meanwhile is refused where it contradicts what any path has said of the device: its identity, another
     * attribute (a serial number, of SCSI) or its block size. One of another size is taken only if the unit has grown, and the path
     * says everything else that is known of the device; one that has shrunk is refused until the device has gone.
     *
     * @throws ConfigurationException when negative
     */
    CompletableFuture<Void> delayedRemoval(Duration delay);

    /**
     * Prefers a path of the best tier, or no longer: policy numa takes a preferred path before a nearer one. The target's own
     * preferred bit is a wish of the same strength.
     *
     * @throws MultipathException when the device has no path of that name
     */
    CompletableFuture<Void> preferPath(String path, boolean preferred);

    /**
     * Holds a path marginal until this is called again: it is used only where no sound path is usable. Or ends that, and
     * promotes the path at once, whyever it was {@link MarginalPolicy marginal}.
     *
     * @throws MultipathException (through the future) when the device has no path of that name
     */
    CompletableFuture<Void> marginalPath(String path, boolean marginal);

    /**
     * Takes a path away. It gets no new request from the moment the future completes; what it has under way ends first.
     *
     * @throws MultipathException (through the future) when the device has no path of that name
     */
    CompletableFuture<Void> removePath(String path);

    /**
     * The ranges that a lost attempt may still change: later changes that overlap one wait. Only losses of this process are known,
     * and, with {@link DeviceSettings#holdAtOpen}, the whole device at first, for what one before it may have lost. Answers after
     * the device was closed, too: what is left then, a device of the same identity inherits that is opened in this process and
     * whose environment has the same {@link Ticker}.
     */
    List<UnfencedRange> unfenced();

    /**
     * An administrator, or a cluster's fencing agent, knows that the target has given up everything that was lost so far (it was
     * powered off, say): nothing is held for it any longer, except for what a path still has. Where that is not true, a lost write
     * may undo a newer one.
     */
    CompletableFuture<Void> assumeFenced();

    /**
     * Holds new requests back; completes when none is with a path any more. Calls nest; each needs its {@link #resume}. A lost
     * attempt may still change the device meanwhile: {@link #unfenced} lists where, and is to be empty before a snapshot is taken.
     */
    CompletableFuture<Void> quiesce();

    /** Ends one {@link #quiesce}. @throws MultipathException (through the future) when there is none to end */
    CompletableFuture<Void> resume();

    /** What is registered and reserved at the device, and the changing of it. Always the same object. */
    Reservations reservations();

    /**
     * {@link #close} without waiting: refuses new requests, lets those with a path end for up to {@link
     * DeviceSettings#closeTimeout}, answers the rest, and completes.
     */
    CompletableFuture<Void> closeAsync();
}
