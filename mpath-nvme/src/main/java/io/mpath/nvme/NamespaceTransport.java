package io.mpath.nvme;

import io.mpath.nvme.command.IoCommand;
import io.mpath.path.PathFailure;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How I/O commands reach one namespace through one controller. Commands are made by {@link NvmCommands}, and what becomes of
 * them is judged by the {@link CommandJudge} that this was opened with.
 *
 * <p>Threading: {@link #openQueue} and {@link #close} by any thread and must not block; {@link
 * #readFirstBlock} and {@link #carryOut} may.
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

    /**
     * Carries out one command, past all queues, and waits for its end. It is sent once, and only if the controller may be given
     * commands; its end is not told to the {@link CommandJudge}.
     *
     * @param command not of the blocks, but of the namespace: its data is no more than {@link #maxTransferBytes}
     * @param data what it transfers to the controller, from position to limit; or where to put what it transfers to the host, from
     *     position on. Neither is moved
     */
    CommandEnd carryOut(IoCommand command, ByteBuffer data);

    /** See {@link io.mpath.path.DevicePath#close}. */
    void close(Runnable closed);
}
