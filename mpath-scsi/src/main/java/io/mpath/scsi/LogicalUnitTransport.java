package io.mpath.scsi;

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

    /** See {@link io.mpath.path.DevicePath#close}. */
    void close(Runnable closed);
}
