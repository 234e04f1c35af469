package io.mpath.scsi;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.path.PathFailure;
import io.mpath.scsi.command.ScsiResult;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the end of an I/O command means: a path's own view, given to its {@link LogicalUnitTransport}. Each method first reports
 * what the end tells of the path, and then returns what the request is to be failed with: so it is called right before that, by
 * the same thread.
 *
 * <p>Threading: any thread; nothing blocks for longer than it takes to read one attribute from sysfs.
 */
public interface CommandJudge {
    /**
     * To be asked right before a request is sent: null, or why it is not to be sent, because the nexus is known not to be live, the
     * unit to be away, or it may be another unit than the request is meant for.
     */
    @Nullable
    PathFailure beforeSending(IoOperation operation);

    /**
     * The command ended with {@code result}: null for success, all of it.
     *
     * @param lba its first logical block
     * @param blocks how many it has; 0 for a command without data of blocks
     */
    @Nullable
    PathFailure completed(IoOperation operation, ScsiResult result, long lba, int blocks);

    /**
     * The command was handed back without a result: the call was interrupted, or the host gave it up. What it changes may have
     * been changed, and may still be.
     */
    PathFailure unanswered(IoOperation operation, String cause);

    /** The command was refused on this side of the device, and never reached it. */
    PathFailure refused(IoOperation operation, IoStatus status, String cause);

    /** A queue that had refused a request has room. */
    void roomAgain();

    /**
     * How long what was handed back as unknown just now can take further effect, in nanoseconds: until then the network stack may still
     * send from the memory of a write. Empty where no registry is there that says what to assume.
     */
    OptionalLong keepNanos();
}
