package io.mpath.nvme.linux;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.internal.adapter.UnflushedChange;
import io.mpath.linux.LostMemory;
import io.mpath.linux.TransferMemory;
import io.mpath.nvme.CommandEnd;
import io.mpath.nvme.CommandJudge;
import io.mpath.nvme.NvmCommands;
import io.mpath.nvme.NvmePassthrough;
import io.mpath.nvme.command.BlockRange;
import io.mpath.nvme.command.DatasetManagement;
import io.mpath.nvme.command.IoCommand;
import io.mpath.nvme.command.NvmFlush;
import io.mpath.nvme.command.NvmRead;
import io.mpath.nvme.command.NvmeCommand;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Requests as passthrough commands on one open namespace.
 *
 * <p>Threading: immutable; used by the path's threads at once, each with its own memory.
 */
final class NamespaceIo {
    /**
     * What the kernel gives a command of its own by default. When one expires, it resets the controller, or the connection to it,
     * for all who use it: no request is in such a hurry.
     */
    private static final long LEAST_TIMEOUT_NANOS = Duration.ofSeconds(30).toNanos();

    private final PassthroughIoctl ioctl;
    private final CommandJudge judge;
    private final int descriptor;
    private final long nsid;
    private final int blockBytes;
    private final int maxTransferBytes;
    private final @Nullable String readOnly;

    /** @param descriptor open for as long as this is used */
    NamespaceIo(
            PassthroughIoctl ioctl,
            CommandJudge judge,
            int descriptor,
            long nsid,
            int blockBytes,
            int maxTransferBytes,
            @Nullable String readOnly) {
        this.ioctl = ioctl;
        this.judge = judge;
        this.descriptor = descriptor;
        this.nsid = nsid;
        this.blockBytes = blockBytes;
        this.maxTransferBytes = maxTransferBytes;
        this.readOnly = readOnly;
    }

    /** Memory for {@link #readFirstBlock}. */
    TransferMemory blockMemory() {
        return ioctl.memory(blockBytes);
    }

    /** Carries out {@code io}: null when it succeeded. */
    @Nullable
    PathFailure execute(PathIo io, TransferMemory memory) {
        return switch (io.operation()) {
            case READ -> read(io, memory);
            case FLUSH -> send(IoOperation.FLUSH, new NvmFlush(nsid), memory, timeoutNanos(io));
            case WRITE, DISCARD, WRITE_ZEROES -> change(io, memory);
            case COMPARE_AND_WRITE ->
                judge.refused(io.operation(), IoStatus.UNSUPPORTED, "Linux takes no fused commands through its ioctls");
            case PASSTHROUGH -> passthrough(io, memory);
        };
    }

    /** What a request to read the first block would end with. */
    @Nullable
    PathFailure readFirstBlock(TransferMemory memory) {
        var command = new NvmRead(new BlockRange(nsid, 0, 1), blockBytes, false);
        return send(IoOperation.READ, command, memory, LEAST_TIMEOUT_NANOS);
    }

    /** Carries out a command that is no request, in memory of its own; see {@link io.mpath.nvme.NamespaceTransport#carryOut}. */
    CommandEnd carryOut(IoCommand command, ByteBuffer data) {
        boolean sends = command.transfer() == NvmeCommand.Transfer.TO_CONTROLLER;
        int bytes = command.dataBytes();
        if (readOnly != null && sends) {
            return new CommandEnd.NotSent(IoStatus.READ_ONLY, command.name() + ": " + readOnly);
        }
        TransferMemory memory = ioctl.memory(bytes);
        if (sends) {
            memory.buffer().put(0, data, data.position(), bytes);
        }
        int result = ioctl.carryOut(descriptor, PassthroughIoctl.IO64_CMD, command, memory, LEAST_TIMEOUT_NANOS);
        if (result < 0) {
            CommandEnd end = NvmeErrors.end(!sends, command.name(), result);
            if (sends && end instanceof CommandEnd.Unanswered) {
                LostMemory.keep(memory, judge.keepNanos());
            }
            return end;
        }
        if (!sends) {
            data.put(data.position(), memory.buffer(), 0, bytes);
        }
        return new CommandEnd.Completed(PassthroughIoctl.status(result));
    }

    private @Nullable PathFailure read(PathIo io, TransferMemory memory) {
        if (io.length() > maxTransferBytes) {
            return tooLong(io.operation(), io.length());
        }
        PathFailure failure = send(io.operation(), NvmCommands.of(io, nsid, blockBytes), memory, timeoutNanos(io));
        if (failure == null) {
            memory.scatter(io);
        }
        return failure;
    }

    private @Nullable PathFailure change(PathIo io, TransferMemory memory) {
        IoOperation operation = io.operation();
        if (readOnly != null) {
            return judge.refused(operation, IoStatus.READ_ONLY, readOnly);
        }
        if (operation == IoOperation.WRITE && io.length() > maxTransferBytes) {
            return tooLong(operation, io.length());
        }
        IoCommand command = NvmCommands.of(io, nsid, blockBytes);
        if (command instanceof DatasetManagement ranges) {
            ranges.encodeRanges(memory.buffer().duplicate());
        } else {
            memory.gather(io);
        }
        PathFailure failure = send(operation, command, memory, timeoutNanos(io));
        return failure == null && NvmCommands.flushFollows(io) ? flushed(io, memory) : failure;
    }

    private @Nullable PathFailure flushed(PathIo io, TransferMemory memory) {
        PathFailure failure = send(IoOperation.FLUSH, new NvmFlush(nsid), memory, timeoutNanos(io));
        return failure == null ? null : UnflushedChange.of(failure);
    }

    private @Nullable PathFailure passthrough(PathIo io, TransferMemory memory) {
        IoOperation operation = io.operation();
        if (!(io.command() instanceof NvmePassthrough command)) {
            return judge.refused(operation, IoStatus.UNSUPPORTED, io.command() + " is no NVMe command");
        }
        if (readOnly != null && command.transfer() != NvmeCommand.Transfer.TO_HOST) {
            return judge.refused(operation, IoStatus.READ_ONLY, readOnly);
        }
        ByteBuffer data = command.data();
        int bytes = data == null ? 0 : data.remaining();
        if (bytes > maxTransferBytes) {
            return tooLong(operation, bytes);
        }
        PathFailure notSent = judge.beforeSending(operation);
        if (notSent != null) {
            return notSent;
        }
        if (command.transfer() == NvmeCommand.Transfer.TO_CONTROLLER) {
            memory.buffer().put(0, Objects.requireNonNull(data), data.position(), bytes);
        }
        int result = ioctl.carryOut(descriptor, command, nsid, bytes, memory, timeoutNanos(io));
        if (result >= 0) {
            command.result(PassthroughIoctl.result(memory));
        }
        PathFailure failure = judged(operation, command.name(), result);
        if (failure == null && command.transfer() == NvmeCommand.Transfer.TO_HOST) {
            Objects.requireNonNull(data).put(data.position(), memory.buffer(), 0, bytes);
        }
        return failure;
    }

    private @Nullable PathFailure send(
            IoOperation operation, IoCommand command, TransferMemory memory, long timeoutNanos) {
        PathFailure notSent = judge.beforeSending(operation);
        if (notSent != null) {
            return notSent;
        }
        int result = ioctl.carryOut(descriptor, PassthroughIoctl.IO64_CMD, command, memory, timeoutNanos);
        return judged(operation, command.name(), result);
    }

    private static long timeoutNanos(PathIo io) {
        return Math.max(io.timeoutNanos(), LEAST_TIMEOUT_NANOS);
    }

    private @Nullable PathFailure judged(IoOperation operation, String command, int result) {
        return result < 0
                ? NvmeErrors.failure(judge, operation, command, result)
                : judge.completed(operation, PassthroughIoctl.status(result));
    }

    private PathFailure tooLong(IoOperation operation, long bytes) {
        return judge.refused(
                operation,
                IoStatus.MISALIGNED,
                "its " + bytes + " bytes are more than the " + maxTransferBytes + " that one command moves here");
    }
}
