package io.mpath.nvme;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.path.PathFailure;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the end of an I/O command means: a path's own view, given to its {@link NamespaceTransport}. Each method first reports
 * what the end tells of the path, and then returns what the request is to be failed with: so it is called right before that, by
 * the same thread.
 *
 * <p>Threading: any thread; nothing blocks for longer than it takes to read one attribute from sysfs.
 */
public interface CommandJudge {
    /**
     * To be asked right before a request is sent: null, or why it is not to be sent, because the controller is known not to be
     * live. A command that was sent all the same would come back as a host path error that proves nothing.
     */
    @Nullable
    PathFailure beforeSending(IoOperation operation);

    /** The command was completed with {@code status}, by the controller or by the host in its place: null for success. */
    @Nullable
    PathFailure completed(IoOperation operation, NvmeStatus status);

    /**
     * The command was handed back without a completion: cancelled in flight, timed out, aborted by the host. What it changes
     * may have been changed, and may still be.
     */
    PathFailure unanswered(IoOperation operation, String cause);

    /** The command was refused on this side of the controller, and never reached it. */
    PathFailure refused(IoOperation operation, IoStatus status, String cause);

    /** A queue that had refused a request has room. */
    void roomAgain();

    /**
     * How long what was handed back {@link #unanswered} just now can take further effect, in nanoseconds: until then the network stack may still
     * send from the memory of a write. Empty where no registry is there that says what to assume.
     */
    OptionalLong keepNanos();
}
