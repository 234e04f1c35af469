package io.mpath.scsi.linux;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.internal.adapter.UnflushedChange;
import io.mpath.linux.TransferMemory;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.scsi.BlockCommands;
import io.mpath.scsi.CommandJudge;
import io.mpath.scsi.ScsiPassthrough;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.SenseKey;
import io.mpath.scsi.command.SynchronizeCache10;
import io.mpath.scsi.command.Treatment;
import io.mpath.scsi.command.Unmap;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Requests as commands on one open disk.
 *
 * <p>Threading: used by the path's threads at once, each with its own memory; {@code takesForced} only ever becomes false.
 */
final class LogicalUnitIo {
    private static final int INVALID_FIELD = 0x24;
    /** What a unit has to tell is told in place of what it is asked for: so it is asked again, by who asks anyway. */
    private static final int MOST_TRIES = 4;

    private final SgIo sg;
    private final CommandJudge judge;
    private final Runnable stateInDoubt;
    private final int descriptor;
    private final int blockBytes;
    private final int maxTransferBytes;
    private final @Nullable String readOnly;
    private volatile boolean takesForced = true;

    /**
     * @param stateInDoubt run when the kernel refuses a command because of the state of the disk
     * @param descriptor open for as long as this is used
     */
    LogicalUnitIo(
            SgIo sg,
            CommandJudge judge,
            Runnable stateInDoubt,
            int descriptor,
            int blockBytes,
            int maxTransferBytes,
            @Nullable String readOnly) {
        this.sg = sg;
        this.judge = judge;
        this.stateInDoubt = stateInDoubt;
        this.descriptor = descriptor;
        this.blockBytes = blockBytes;
        this.maxTransferBytes = maxTransferBytes;
        this.readOnly = readOnly;
    }

    /** Carries out {@code io}: null when it succeeded. */
    @Nullable
    PathFailure execute(PathIo io, TransferMemory memory) {
        return switch (io.operation()) {
            case READ -> read(io, memory);
            case FLUSH -> send(io, BlockCommands.of(io, blockBytes), memory);
            case WRITE, DISCARD, WRITE_ZEROES, COMPARE_AND_WRITE -> change(io, memory);
            case PASSTHROUGH -> passthrough(io, memory);
        };
    }

    private @Nullable PathFailure read(PathIo io, TransferMemory memory) {
        if (io.length() > maxTransferBytes) {
            return tooLong(io.operation(), io.length());
        }
        PathFailure failure = send(io, BlockCommands.of(io, blockBytes), memory);
        if (failure == null) {
            memory.scatter(io);
        } else if (failure.doneBytes() > 0) {
            // Who goes on behind what is done needs that; what follows it here is another request's.
            int done = (int) failure.doneBytes();
            memory.buffer().put(done, new byte[(int) io.length() - done]);
            memory.scatter(io);
        }
        return failure;
    }

    private @Nullable PathFailure change(PathIo io, TransferMemory memory) {
        IoOperation operation = io.operation();
        if (readOnly != null) {
            return judge.refused(operation, IoStatus.READ_ONLY, readOnly);
        }
        boolean carriesAll = operation == IoOperation.WRITE || operation == IoOperation.COMPARE_AND_WRITE;
        if (carriesAll && io.length() > maxTransferBytes) {
            return tooLong(operation, io.length());
        }
        boolean forced = carriesAll && io.forceUnitAccess() && takesForced;
        ScsiCommand command = BlockCommands.of(io, blockBytes, forced);
        if (command.dataBytes() > maxTransferBytes) {
            return tooLong(operation, command.dataBytes());
        }
        if (command instanceof Unmap unmap) {
            unmap.encodeParameters(memory.buffer().duplicate());
        } else if (carriesAll) {
            memory.gather(io);
        } else {
            memory.buffer().put(0, new byte[command.dataBytes()]);
        }
        PathFailure failure = send(io, command, memory);
        if (forced && failure != null && failure.status() == IoStatus.UNSUPPORTED && namesField(memory)) {
            takesForced = false;
            forced = false;
            failure = send(io, BlockCommands.of(io, blockBytes, false), memory);
        }
        if (failure == null && io.forceUnitAccess() && !forced) {
            PathFailure ofFlush = send(IoOperation.FLUSH, SynchronizeCache10.all(), 0, 0, memory, io.timeoutNanos());
            return ofFlush == null ? null : UnflushedChange.of(ofFlush);
        }
        return failure;
    }

    /**
     * Disks that have nothing to force, as their DPOFUA bit says, may refuse it as an invalid field; where it was another field, the
     * command is refused without it, too.
     */
    private static boolean namesField(TransferMemory memory) {
        return SgIo.ended(memory)
                && SgIo.result(memory)
                        .sense()
                        .filter(sense -> sense.key() == SenseKey.ILLEGAL_REQUEST && sense.asc() == INVALID_FIELD)
                        .isPresent();
    }

    private @Nullable PathFailure passthrough(PathIo io, TransferMemory memory) {
        IoOperation operation = io.operation();
        if (!(io.command() instanceof ScsiPassthrough command)) {
            return judge.refused(operation, IoStatus.UNSUPPORTED, io.command() + " is no SCSI command");
        }
        if (readOnly != null && command.transfer() != ScsiCommand.Transfer.TO_HOST) {
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
        if (command.transfer() == ScsiCommand.Transfer.TO_DEVICE) {
            memory.buffer().put(0, Objects.requireNonNull(data), data.position(), bytes);
        } else {
            // What the device leaves out must not be another request's.
            memory.buffer().put(0, new byte[bytes]);
        }
        int returned = sg.carryOut(descriptor, command, bytes, memory, io.timeoutNanos());
        if (returned < 0 || !SgIo.ended(memory)) {
            return failed(operation, command.name(), returned, memory);
        }
        ScsiResult result = SgIo.result(memory);
        command.result(result);
        if (command.transfer() == ScsiCommand.Transfer.TO_HOST) {
            Objects.requireNonNull(data).put(data.position(), memory.buffer(), 0, bytes);
        }
        return judge.completed(operation, result, 0, 0);
    }

    private @Nullable PathFailure send(PathIo io, ScsiCommand command, TransferMemory memory) {
        IoOperation operation = io.operation();
        boolean movesBlocks = operation == IoOperation.READ || operation == IoOperation.WRITE;
        int blocks = movesBlocks ? (int) (io.length() / blockBytes) : 0;
        return send(operation, command, io.offset() / blockBytes, blocks, memory, io.timeoutNanos());
    }

    private @Nullable PathFailure send(
            IoOperation operation,
            ScsiCommand command,
            long lba,
            int blocks,
            TransferMemory memory,
            long timeoutNanos) {
        for (int tries = 1; ; tries++) {
            PathFailure notSent = judge.beforeSending(operation);
            if (notSent != null) {
                return notSent;
            }
            int returned = sg.carryOut(descriptor, command, memory, timeoutNanos);
            if (returned < 0 || !SgIo.ended(memory)) {
                return failed(operation, command.name(), returned, memory);
            }
            ScsiResult result = SgIo.result(memory);
            PathFailure failure = judge.completed(operation, result, lba, blocks);
            boolean onlyTold = result.treatment().filter(Treatment::onlyTells).isPresent();
            if (failure == null || !onlyTold || tries == MOST_TRIES) {
                return failure;
            }
        }
    }

    private PathFailure failed(IoOperation operation, String command, int returned, TransferMemory memory) {
        if (SgErrors.tellsOfState(returned)) {
            stateInDoubt.run();
        }
        return SgErrors.failure(judge, operation, command, returned, SgIo.ended(memory));
    }

    private PathFailure tooLong(IoOperation operation, long bytes) {
        return judge.refused(
                operation,
                IoStatus.MISALIGNED,
                "its " + bytes + " bytes are more than the " + maxTransferBytes + " that one command moves here");
    }
}
