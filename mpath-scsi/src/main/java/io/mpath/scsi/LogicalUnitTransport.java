package io.mpath.scsi;

import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import org.jspecify.annotations.Nullable;

/**
 * How I/O reaches one logical unit through one nexus. Commands are made by {@link BlockCommands}, and what becomes of them is
 * judged by the {@link CommandJudge} that this was opened with.
 *
 * <p>Threading: any thread; nothing blocks.
 */
public interface LogicalUnitTransport {
    /** The longest data of one command that can be carried, in bytes; at least one logical block. */
    int maxTransferBytes();

    /** Why nothing may be written through this, or null: opened read-only, for instance. */
    @Nullable
    String readOnly();

    /** A queue: see {@link io.mpath.path.DevicePath#openQueue}. */
    PathQueue openQueue(QueueKind kind);

    /**
     * Fails what was submitted and is not sent yet, where it may be kept from that by what is: the path is not to be used now. What
     * {@link CommandJudge#beforeSending} refuses needs no more than that. Does nothing where nothing waits.
     *
     * @param failure of {@link Certainty#NOT_EXECUTED}
     */
    default void failWaiting(PathFailure failure) {}

    /** See {@link io.mpath.path.DevicePath#close}. */
    void close(Runnable closed);
}
