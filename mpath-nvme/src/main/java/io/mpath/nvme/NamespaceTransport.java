package io.mpath.nvme;

import io.mpath.path.PathFailure;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import org.jspecify.annotations.Nullable;

/**
 * How I/O commands reach one namespace through one controller. Commands are made by {@link NvmCommands}, and what becomes of
 * them is judged by the {@link CommandJudge} that this was opened with.
 *
 * <p>Threading: {@link #openQueue} and {@link #close} by any thread and must not block; {@link #readFirstBlock} may.
 */
public interface NamespaceTransport {
    /** The longest data of one command that can be carried, in bytes; at least one logical block. */
    int maxTransferBytes();

    /** Whether two commands can be sent as one fused operation. */
    boolean fuses();

    /** Why nothing may be written through this, or null: opened read-only, for instance. */
    @Nullable
    String readOnly();

    /** A queue: see {@link io.mpath.path.DevicePath#openQueue}. */
    PathQueue openQueue(QueueKind kind);

    /** Reads the first logical block, past all queues, and waits for the end: null when that succeeded, else as judged. */
    @Nullable
    PathFailure readFirstBlock();

    /** See {@link io.mpath.path.DevicePath#close}. */
    void close(Runnable closed);
}
