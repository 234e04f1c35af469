package io.mpath.scsi;

import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.path.PathPort;
import io.mpath.scsi.command.ScsiCommand;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How commands reach one logical unit through one I_T nexus: through the kernel's SG_IO, into an emulated array, or by a driver of
 * the user's own (Linux: {@code scsi_device}). A {@code ScsiHost} makes a path of it.
 *
 * <p>Threading: any thread. {@link #execute}, {@link #open} and {@link #close} may block, the rest must not.
 */
public interface ScsiTransport {
    /** The I_T nexus; the same object for all logical units through it, named as an administrator knows it. */
    PathPort port();

    /** What it is reached by: {@code iscsi}, {@code fc}, {@code sas}, {@code ata}, {@code usb}, {@code loop}, or what else there is. */
    String kind();

    /** The array behind the nexus, under the same name through all of its ports: housekeeping commands to it are bounded. */
    String target();

    /**
     * Whether the nexus is live; read anew, where that is cheap (sysfs). The same for all logical units through it. Null when that
     * could not be read: it is not used then, as if it were away, but it counts neither as lost nor as live.
     */
    @Nullable
    Liveness liveness();

    /** Why this one logical unit is not to be given commands through a nexus that may be live (set offline), or null; read anew. */
    @Nullable
    String away();

    /**
     * Whether a nexus that was seen not to be live, and is live again, was ended by the target in between, with all that it
     * carried: true for iSCSI, where a session that is logged in again under the same ISID replaces the old one (RFC 7143 6.3.5).
     */
    boolean liveAgainMeansEnded();

    /** Tells {@code listener} from here on; one at most. */
    void listen(Listener listener);

    /**
     * Executes a command that is no I/O of a caller's, and waits for its end, whatever that is. A unit attention is an end, too.
     *
     * @param data what it transfers to the device, from position to limit; null where it transfers none
     * @param timeout after which it is given up
     * @throws CommandNotSentException when it never reached the device: the host could not send it at all, or the
     *     logical unit is gone
     * @throws MultipathException when nobody knows what became of it
     */
    ScsiReply execute(ScsiCommand command, @Nullable ByteBuffer data, Duration timeout);

    /**
     * The way for I/O.
     *
     * @param blockBytes the logical block size
     * @param judge told how commands end
     * @throws MultipathException when it cannot be opened, saying why
     */
    LogicalUnitTransport open(int blockBytes, CommandJudge judge);

    /** Lets go of what {@link #execute} needs; the way for I/O was closed before. */
    void close();

    /** Told of what happens to a logical unit; by any thread, must not block. */
    interface Listener {
        /** {@link ScsiTransport#liveness} or {@link ScsiTransport#away} may have changed. */
        void livenessMayHaveChanged();

        /**
         * Its access state may have changed, and nothing else: the host was told so (Linux: {@code
         * SDEV_UA=ASYMMETRIC_ACCESS_STATE_CHANGED}). It is not described anew, for a fault may have thousands of units say this.
         */
        void accessStateMayHaveChanged();

        /**
         * Its size or access state may have changed: the host was told so (Linux: other {@code SDEV_UA} uevents), or noticed. Or anything
         * of it, because what the host was told was lost. It is described anew, and used as before until then.
         */
        void mayHaveChanged();

        /** It may be another logical unit: the host was told so (Linux: {@code SDEV_UA=INQUIRY_DATA_HAS_CHANGED}). */
        void mayBeAnother();

        /**
         * It may be another logical unit, and so may each that is reached through the nexus: the host was told that other units have
         * the numbers now, though perhaps only once for all of them (Linux: {@code SDEV_UA=REPORTED_LUNS_DATA_HAS_CHANGED}).
         */
        void inventoryMayHaveChanged();

        /** It is gone. Final: what comes back is another object. */
        void gone(String reason);
    }
}
